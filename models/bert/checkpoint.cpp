// SPDX-License-Identifier: Apache-2.0
// The names in BERT checkpoints, old and new.
#include <fmt/format.h>

#include "models/bert/config.h"
#include "models/hub/tied_tensors.h"

namespace thaw {

namespace {

constexpr const char* word_embeddings = "bert.embeddings.word_embeddings.weight";
constexpr const char* decoder_weight = "cls.predictions.decoder.weight";
constexpr const char* predictions_bias = "cls.predictions.bias";
constexpr const char* decoder_bias = "cls.predictions.decoder.bias";

}  // namespace

CheckpointNames BertConfig::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "bert.";
  names.bare = {"embeddings.*", "encoder.*", "pooler.*"};
  names.old_endings = {{"LayerNorm.weight", "LayerNorm.gamma"}, {"LayerNorm.bias", "LayerNorm.beta"}};
  names.tied = {{predictions_bias, decoder_bias}};
  if (tie_word_embeddings) names.tied.push_back({word_embeddings, decoder_weight});
  names.ignored = {"*embeddings.position_ids"};
  names.required = {"bert.embeddings.*", "bert.encoder.*", "embeddings.*", "encoder.*"};
  return names;
}

void BertConfig::settle(CheckpointSource& source) {
  settle_ties(source, {{word_embeddings, decoder_weight}, {predictions_bias, decoder_bias}});
}

void BertConfig::settle_ties(CheckpointSource& source,
                             std::initializer_list<std::pair<const char*, const char*>> ties) {
  if (source.first_weights() == FirstWeights::random) return check_can_begin(json, "initializer_range");
  if (!tie_word_embeddings) return;
  for (const auto& [first, second] : ties) {
    if (!differ(source, first, second)) continue;
    tie_word_embeddings = false;
    source.note(fmt::format("{} differs from {}: tie_word_embeddings is now false", second, first));
  }
}

}  // namespace thaw
