// SPDX-License-Identifier: Apache-2.0
// Makes small T5 models for tests.
#include "tests/models/small_t5.h"

#include "models/text/encoding.h"

namespace thaw {

T5Config small_t5_config() {
  T5Config config;
  config.vocab_size = small_vocabulary_size();
  config.d_model = 16;
  config.d_kv = 4;
  config.d_ff = 24;
  config.num_layers = 2;
  config.num_decoder_layers = 3;
  config.num_heads = 3;
  config.relative_attention_num_buckets = 8;
  config.relative_attention_max_distance = 16;
  config.dropout_rate = 0;
  config.feed_forward_proj = "gated-gelu";
  config.dense_act_fn = "gelu_new";
  config.is_gated_act = true;
  config.tie_word_embeddings = false;
  config.head_is_shared = false;
  config.scale_decoder_outputs = false;
  return config;
}

PackedText packed(const std::vector<std::vector<int32_t>>& texts, Device device) {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& ids : texts) encodings.emplace_back().ids = ids;
  return PackedText::from_encodings(pointers_to(encodings), device);
}

}  // namespace thaw
