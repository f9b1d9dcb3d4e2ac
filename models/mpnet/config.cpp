// SPDX-License-Identifier: Apache-2.0
// Reads and writes MPNet's config.json, and the names in its checkpoints.
#include "models/mpnet/config.h"

#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* word_embeddings = "mpnet.embeddings.word_embeddings.weight";
constexpr const char* decoder_weight = "lm_head.decoder.weight";
constexpr const char* predictions_bias = "lm_head.bias";
constexpr const char* decoder_bias = "lm_head.decoder.bias";

}  // namespace

MPNetConfig::MPNetConfig() {
  vocab_size = 30527;
  type_vocab_size = 0;
  pad_token_id = padding;
}

MPNetConfig MPNetConfig::from_json(const Json& json) {
  MPNetConfig c;
  c.read_shared(json, "mpnet");
  c.read_layers(json);
  c.relative_attention_num_buckets = read_size(json, "relative_attention_num_buckets", buckets);
  if (c.relative_attention_num_buckets < buckets)
    fail("{}: {} rows are not enough: MPNet's distances have {} buckets", json.where("relative_attention_num_buckets"),
         c.relative_attention_num_buckets, buckets);
  if (c.vocab_size <= padding)
    fail("{}: {}: the padding's word is row {}", json.where("vocab_size"), c.vocab_size, padding);
  if (c.positions() < 1)
    fail("{}: {} leaves no position for a text: MPNet's begin at {}", json.where("max_position_embeddings"),
         c.max_position_embeddings, padding + 1);
  return c;
}

Json MPNetConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("mpnet", architecture);
  write_layers(out);
  out.set("relative_attention_num_buckets", relative_attention_num_buckets);
  return out;
}

CheckpointNames MPNetConfig::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "mpnet.";
  names.bare = {"embeddings.*", "encoder.*", "pooler.*"};
  names.tied = {{predictions_bias, decoder_bias}};
  if (tie_word_embeddings) names.tied.push_back({word_embeddings, decoder_weight});
  names.ignored = {"*embeddings.position_ids"};
  names.required = {"mpnet.embeddings.*", "mpnet.encoder.*", "embeddings.*", "encoder.*"};
  return names;
}

void MPNetConfig::settle(CheckpointSource& source) {
  settle_ties(source, {{word_embeddings, decoder_weight}, {predictions_bias, decoder_bias}});
}

}  // namespace thaw
