// SPDX-License-Identifier: Apache-2.0
// Reads and writes AST's config.json, and the names in its checkpoints.
#include "models/ast/config.h"

#include "models/audio/mel_frames.h"
#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr int64_t longest_axis = 1 << 20;

void check_sizes(const ASTConfig& c, const Json& json) {
  if (c.hidden_size % c.num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", json.where("num_attention_heads"), c.num_attention_heads,
         c.hidden_size);
  if (c.patch_size > c.num_mel_bins || c.patch_size > c.max_length)
    fail("{}: a patch of {} x {} does not fit {} bins and {} frames", json.where("patch_size"), c.patch_size,
         c.patch_size, c.num_mel_bins, c.max_length);
}

}  // namespace

ASTConfig ASTConfig::from_json(const Json& json) {
  ASTConfig c;
  c.read_shared(json, "audio-spectrogram-transformer");
  refuse_unless_off(json, {"pruned_heads", "is_encoder_decoder", "add_cross_attention"});
  c.hidden_size = read_size(json, "hidden_size", c.hidden_size);
  c.num_hidden_layers = read_size(json, "num_hidden_layers", c.num_hidden_layers, max_layers);
  c.num_attention_heads = read_size(json, "num_attention_heads", c.num_attention_heads);
  c.intermediate_size = read_size(json, "intermediate_size", c.intermediate_size);
  c.hidden_act = json.get_string_or("hidden_act", c.hidden_act);
  activation_named(c.hidden_act, json.where("hidden_act"));
  c.hidden_dropout_prob = read_probability(json, "hidden_dropout_prob", c.hidden_dropout_prob);
  c.attention_probs_dropout_prob =
      read_probability(json, "attention_probs_dropout_prob", c.attention_probs_dropout_prob);
  c.initializer_range = json.get_number_or("initializer_range", c.initializer_range, 0, 1000);
  c.layer_norm_eps = json.get_number_or("layer_norm_eps", c.layer_norm_eps, 0, 1);
  c.max_length = read_size(json, "max_length", c.max_length, most_mel_frames);
  c.num_mel_bins = read_size(json, "num_mel_bins", c.num_mel_bins, most_mel_bins);
  c.patch_size = read_size(json, "patch_size", c.patch_size, longest_axis);
  c.frequency_stride = read_size(json, "frequency_stride", c.frequency_stride, longest_axis);
  c.time_stride = read_size(json, "time_stride", c.time_stride, longest_axis);
  c.qkv_bias = json.get_bool_or("qkv_bias", c.qkv_bias);
  check_sizes(c, json);
  return c;
}

Json ASTConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("audio-spectrogram-transformer", architecture);
  out.set("hidden_size", hidden_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("num_attention_heads", num_attention_heads);
  out.set("intermediate_size", intermediate_size);
  out.set("hidden_act", hidden_act);
  out.set("hidden_dropout_prob", hidden_dropout_prob);
  out.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  out.set("initializer_range", initializer_range);
  out.set("layer_norm_eps", layer_norm_eps);
  out.set("max_length", max_length);
  out.set("num_mel_bins", num_mel_bins);
  out.set("patch_size", patch_size);
  out.set("frequency_stride", frequency_stride);
  out.set("time_stride", time_stride);
  out.set("qkv_bias", qkv_bias);
  return out;
}

Shape ASTConfig::grid() const {
  return {(num_mel_bins - patch_size) / frequency_stride + 1, (max_length - patch_size) / time_stride + 1};
}

UnaryOp ASTConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }

PatchEmbeddingOptions ASTConfig::embeddings() const {
  return {.channels = hidden_size,
          .kernel = {1, patch_size, patch_size},
          .grid = grid(),
          .tokens = {"cls_token", "distillation_token"},
          .dropout = hidden_dropout_prob};
}

PreNormOptions ASTConfig::layers() const {
  return {.channels = hidden_size,
          .inner_channels = intermediate_size,
          .heads = num_attention_heads,
          .activation = activation(),
          .eps = layer_norm_eps,
          .bias = qkv_bias,
          .dropout = hidden_dropout_prob,
          .attention_dropout = attention_probs_dropout_prob};
}

CheckpointNames ASTConfig::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "audio_spectrogram_transformer.";
  names.bare = {"embeddings.*", "encoder.*", "layernorm.*"};
  for (const std::string& name : names.bare) {
    names.required.push_back(name);
    names.required.push_back(names.prefix + name);
  }
  return names;
}

void ASTConfig::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) check_spread(json, "initializer_range");
}

}  // namespace thaw
