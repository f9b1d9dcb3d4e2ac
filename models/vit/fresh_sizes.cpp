// SPDX-License-Identifier: Apache-2.0
// Puts sizes into a configuration.
#include "models/vit/fresh_sizes.h"

#include <fmt/format.h>

#include <stdexcept>

namespace thaw {

void take_layer_sizes(ViTLayersConfig& config, const FreshSizes& sizes) {
  if (const int64_t channels = sizes.channels.value_or(3); channels != 1 && channels != 3)
    throw std::invalid_argument(fmt::format("channels {}: pictures have 1 (grey) or 3 (colours)", channels));
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, config.hidden_size);
  config.hidden_size = hidden_size;
  config.num_hidden_layers = sizes.layers.value_or(config.num_hidden_layers);
  config.num_attention_heads = heads;
  config.intermediate_size = intermediate_size;
  config.hidden_act = sizes.activation.value_or(config.hidden_act);
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = sizes.dropout.value_or(config.hidden_dropout_prob);
  config.num_channels = sizes.channels.value_or(config.num_channels);
}

}  // namespace thaw
