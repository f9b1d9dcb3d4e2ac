// SPDX-License-Identifier: Apache-2.0
// Puts sizes into a configuration.
#include "models/bert/fresh_sizes.h"

namespace thaw {

void take_sizes(BertConfig& config, const FreshSizes& sizes, const Tokenizer& tokenizer) {
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, config.hidden_size);
  config.vocab_size = static_cast<int64_t>(tokenizer.vocab_size());
  config.hidden_size = hidden_size;
  config.num_hidden_layers = sizes.layers.value_or(config.num_hidden_layers);
  config.num_attention_heads = heads;
  config.intermediate_size = intermediate_size;
  config.hidden_act = sizes.activation.value_or(config.hidden_act);
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = sizes.dropout.value_or(config.hidden_dropout_prob);
}

}  // namespace thaw
