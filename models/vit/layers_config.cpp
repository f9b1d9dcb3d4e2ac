// SPDX-License-Identifier: Apache-2.0
// Reads and writes the keys of ViT's layers, and tells how files name what is made of them.
#include "models/vit/layers_config.h"

#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

void ViTLayersConfig::read_layers(const Json& file) {
  refuse_unless_off(file, {"pruned_heads", "is_encoder_decoder", "add_cross_attention"});
  hidden_size = read_size(file, "hidden_size", hidden_size);
  num_hidden_layers = read_size(file, "num_hidden_layers", num_hidden_layers, max_layers);
  num_attention_heads = read_size(file, "num_attention_heads", num_attention_heads);
  intermediate_size = read_size(file, "intermediate_size", intermediate_size);
  hidden_act = file.get_string_or("hidden_act", hidden_act);
  activation_named(hidden_act, file.where("hidden_act"));
  hidden_dropout_prob = read_probability(file, "hidden_dropout_prob", hidden_dropout_prob);
  attention_probs_dropout_prob = read_probability(file, "attention_probs_dropout_prob", attention_probs_dropout_prob);
  initializer_range = file.get_number_or("initializer_range", initializer_range, 0, 1000);
  layer_norm_eps = file.get_number_or("layer_norm_eps", layer_norm_eps, 0, 1);
  num_channels = read_size(file, "num_channels", num_channels);
  qkv_bias = file.get_bool_or("qkv_bias", qkv_bias);
  if (hidden_size % num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", file.where("num_attention_heads"), num_attention_heads,
         hidden_size);
}

void ViTLayersConfig::write_layers(Json& out) const {
  out.set("hidden_size", hidden_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("num_attention_heads", num_attention_heads);
  out.set("intermediate_size", intermediate_size);
  out.set("hidden_act", hidden_act);
  out.set("hidden_dropout_prob", hidden_dropout_prob);
  out.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  out.set("initializer_range", initializer_range);
  out.set("layer_norm_eps", layer_norm_eps);
  out.set("num_channels", num_channels);
  out.set("qkv_bias", qkv_bias);
}

UnaryOp ViTLayersConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }

PreNormOptions ViTLayersConfig::layers() const {
  return {.channels = hidden_size,
          .inner_channels = intermediate_size,
          .heads = num_attention_heads,
          .activation = activation(),
          .eps = layer_norm_eps,
          .bias = qkv_bias,
          .dropout = hidden_dropout_prob,
          .attention_dropout = attention_probs_dropout_prob};
}

void ViTLayersConfig::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) check_spread(json, "initializer_range");
}

// The reference library, from its version 5 on, has others in memory ("vit.layers.N.attention.q_proj"), and writes
// these.
CheckpointNames ViTLayersConfig::names_behind(const std::string& prefix) {
  CheckpointNames names;
  names.prefix = prefix;
  names.bare = {"embeddings.*", "encoder.*", "layernorm.*", "pooler.*"};
  for (const char* part : {"embeddings.*", "encoder.*", "layernorm.*"}) {
    names.required.push_back(part);
    names.required.push_back(prefix + part);
  }
  return names;
}

}  // namespace thaw
