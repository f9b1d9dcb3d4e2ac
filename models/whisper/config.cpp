// SPDX-License-Identifier: Apache-2.0
// Reads and writes what of Whisper's config.json is about the encoder.
#include "models/whisper/config.h"

#include "models/audio/mel_frames.h"
#include "models/hub/named_size.h"
#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr int64_t most_positions = most_mel_frames / 2;  // one for two frames

void check_sizes(const WhisperConfig& c, const Json& json) {
  if (c.d_model % c.encoder_attention_heads != 0)
    fail("{}: {} heads do not divide d_model {}", json.where("encoder_attention_heads"), c.encoder_attention_heads,
         c.d_model);
  if (c.d_model % 2 != 0 || c.d_model < 4)
    fail("{}: {}: positions are sines and cosines, half of each; an even number of 4 or more was expected",
         json.where("d_model"), c.d_model);
}

}  // namespace

WhisperConfig WhisperConfig::from_json(const Json& json) {
  WhisperConfig c;
  c.read_shared(json, "whisper");
  refuse_unless_off(json, {"pruned_heads"});
  if (const double share = json.get_number_or("encoder_layerdrop", 0); share != 0)
    fail("{}: {} is not supported, only 0", json.where("encoder_layerdrop"), share);
  c.d_model = read_named_size(json, "d_model", "hidden_size", c.d_model);
  c.encoder_layers = read_named_size(json, "encoder_layers", "num_hidden_layers", c.encoder_layers, max_layers);
  c.encoder_attention_heads =
      read_named_size(json, "encoder_attention_heads", "num_attention_heads", c.encoder_attention_heads);
  c.encoder_ffn_dim = read_size(json, "encoder_ffn_dim", c.encoder_ffn_dim);
  c.activation_function = json.get_string_or("activation_function", c.activation_function);
  activation_named(c.activation_function, json.where("activation_function"));
  c.dropout = read_probability(json, "dropout", c.dropout);
  c.attention_dropout = read_probability(json, "attention_dropout", c.attention_dropout);
  c.activation_dropout = read_probability(json, "activation_dropout", c.activation_dropout);
  c.init_std = json.get_number_or("init_std", c.init_std, 0, 1000);
  c.num_mel_bins = read_size(json, "num_mel_bins", c.num_mel_bins, most_mel_bins);
  c.max_source_positions = read_size(json, "max_source_positions", c.max_source_positions, most_positions);
  c.use_weighted_layer_sum = json.get_bool_or("use_weighted_layer_sum", c.use_weighted_layer_sum);
  c.classifier_proj_size = read_size(json, "classifier_proj_size", c.classifier_proj_size);
  check_sizes(c, json);
  return c;
}

Json WhisperConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("whisper", architecture);
  out.set("d_model", d_model);
  out.set("encoder_layers", encoder_layers);
  out.set("encoder_attention_heads", encoder_attention_heads);
  out.set("encoder_ffn_dim", encoder_ffn_dim);
  out.set("activation_function", activation_function);
  out.set("dropout", dropout);
  out.set("attention_dropout", attention_dropout);
  out.set("activation_dropout", activation_dropout);
  out.set("init_std", init_std);
  out.set("num_mel_bins", num_mel_bins);
  out.set("max_source_positions", max_source_positions);
  out.set("use_weighted_layer_sum", use_weighted_layer_sum);
  out.set("classifier_proj_size", classifier_proj_size);
  return out;
}

UnaryOp WhisperConfig::activation() const { return activation_named(activation_function, "activation_function"); }

PreNormOptions WhisperConfig::layers() const {
  return {.channels = d_model,
          .inner_channels = encoder_ffn_dim,
          .heads = encoder_attention_heads,
          .activation = activation(),
          .eps = norm_eps,
          .dropout = dropout,
          .attention_dropout = attention_dropout,
          .inner_dropout = activation_dropout};
}

}  // namespace thaw
