// SPDX-License-Identifier: Apache-2.0
// The names in BERT checkpoints, old and new.
#include "models/bert_pretrained.h"

#include <filesystem>

#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* word_embeddings = "bert.embeddings.word_embeddings.weight";
constexpr const char* decoder_weight = "cls.predictions.decoder.weight";
constexpr const char* predictions_bias = "cls.predictions.bias";
constexpr const char* decoder_bias = "cls.predictions.decoder.bias";

bool differ(const CheckpointSource& source, const char* a, const char* b) {
  const SafetensorsEntry* x = source.find_own(a);
  const SafetensorsEntry* y = source.find_own(b);
  return x && y && !same_numbers(*x, *y);
}

}  // namespace

CheckpointNames bert_checkpoint_names(const BertConfig& config) {
  CheckpointNames names;
  names.prefix = "bert.";
  names.bare = {"embeddings.*", "encoder.*", "pooler.*"};
  names.old_endings = {{"LayerNorm.weight", "LayerNorm.gamma"}, {"LayerNorm.bias", "LayerNorm.beta"}};
  names.tied = {{predictions_bias, decoder_bias}};
  if (config.tie_word_embeddings) names.tied.push_back({word_embeddings, decoder_weight});
  names.ignored = {"*embeddings.position_ids"};
  names.required = {"bert.embeddings.*", "bert.encoder.*", "embeddings.*", "encoder.*"};
  return names;
}

BertCheckpoint::BertCheckpoint(const std::string& directory)
    : config(BertConfig::read(directory)), source(directory, bert_checkpoint_names(config)) {
  for (const std::string& line : config.notes) source.note(line);
  if (std::filesystem::exists(directory + "/adapter_config.json"))
    source.note(fmt::format("{}: its adapter (adapter_config.json) is not applied", directory));
  if (!config.tie_word_embeddings) return;
  for (const auto& [first, second] : {std::pair{word_embeddings, decoder_weight}, {predictions_bias, decoder_bias}}) {
    if (!differ(source, first, second)) continue;
    config.tie_word_embeddings = false;
    source.note(fmt::format("{} differs from {}: tie_word_embeddings is now false", second, first));
  }
}

}  // namespace thaw
