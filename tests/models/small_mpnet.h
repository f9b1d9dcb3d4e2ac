// SPDX-License-Identifier: Apache-2.0
// A small MPNet made on the spot.
#pragma once

#include <string>

#include "models/mpnet/config.h"
#include "tests/models/small_model.h"

namespace thaw {

// As many words as the small vocabulary has, 3 layers of 16; without dropout.
inline MPNetConfig small_mpnet_config() {
  MPNetConfig config;
  config.vocab_size = small_vocabulary_size();
  config.hidden_size = 16;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.max_position_embeddings = 34;
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0;
  return config;
}

// A directory as the reference library writes it.
template <typename Model>
void write_small_mpnet(const std::string& directory, const MPNetConfig& config) {
  write_small_model<Model>(directory, config);
  write_small_vocabulary(directory, {"<s>", "<pad>", "</s>", "[UNK]", "<mask>"});
}

}  // namespace thaw
