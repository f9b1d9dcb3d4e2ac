// SPDX-License-Identifier: Apache-2.0
// Reads and writes ViT's config.json.
#include "models/vit/config.h"

#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr int64_t longest_side = 1 << 20;

// A number, or [height, width].
Shape read_sides(const Json& json, const char* key, const Shape& otherwise) {
  const Json* value = json.find(key);
  if (!value || !value->is_array()) {
    const int64_t side = json.get_int_or(key, 0, 1, longest_side);
    return side > 0 ? Shape{side, side} : otherwise;
  }
  const std::vector<int64_t> sides = json.get_ints(key, 1, longest_side);
  if (sides.size() != 2) fail("{}: {} sizes are no height and width", json.where(key), sides.size());
  return {sides[0], sides[1]};
}

// One that is as it was read stays in its form.
void write_sides(Json& out, const char* key, const Shape& sides) {
  if (read_sides(out, key, {}) == sides) return;
  out.set(key, sides[0] == sides[1] ? Json(sides[0]) : Json(std::vector<int64_t>{sides[0], sides[1]}));
}

// Numbers of rows are i32, and sizes of tensors i64.
void check_sizes(const ViTConfig& c, const Json& json) {
  if (c.hidden_size % c.num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", json.where("num_attention_heads"), c.num_attention_heads,
         c.hidden_size);
  if (c.patch_size[0] > c.image_size[0] || c.patch_size[1] > c.image_size[1])
    fail("{}: a patch of {} x {} does not fit image_size {} x {}", json.where("patch_size"), c.patch_size[0],
         c.patch_size[1], c.image_size[0], c.image_size[1]);
  if (c.grid().numel() >= INT32_MAX) fail("{}: {} patches are too many", json.where("image_size"), c.grid().numel());
  if (c.num_channels > INT32_MAX / c.patch_size.numel())
    fail("{}: {} of a patch of {} x {} are too many numbers", json.where("num_channels"), c.num_channels,
         c.patch_size[0], c.patch_size[1]);
}

}  // namespace

ViTConfig ViTConfig::from_json(const Json& json) {
  ViTConfig c;
  c.read_shared(json, "vit");
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
  c.image_size = read_sides(json, "image_size", c.image_size);
  c.patch_size = read_sides(json, "patch_size", c.patch_size);
  c.num_channels = read_size(json, "num_channels", c.num_channels);
  c.qkv_bias = json.get_bool_or("qkv_bias", c.qkv_bias);
  read_size(json, "encoder_stride", 16);  // of a decoder that masked pictures are restored by: no model here has it
  if (const Json* size = json.find("pooler_output_size"); size && !size->is_null())
    c.pooler_output_size = read_size(json, "pooler_output_size", 1);
  c.pooler_act = json.get_string_or("pooler_act", c.pooler_act);
  activation_named(c.pooler_act, json.where("pooler_act"));
  check_sizes(c, json);
  return c;
}

Json ViTConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("vit", architecture);
  out.set("hidden_size", hidden_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("num_attention_heads", num_attention_heads);
  out.set("intermediate_size", intermediate_size);
  out.set("hidden_act", hidden_act);
  out.set("hidden_dropout_prob", hidden_dropout_prob);
  out.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  out.set("initializer_range", initializer_range);
  out.set("layer_norm_eps", layer_norm_eps);
  write_sides(out, "image_size", image_size);
  write_sides(out, "patch_size", patch_size);
  out.set("num_channels", num_channels);
  out.set("qkv_bias", qkv_bias);
  if (pooler_output_size) out.set("pooler_output_size", *pooler_output_size);
  if (pooler_act != ViTConfig().pooler_act || out.contains("pooler_act")) out.set("pooler_act", pooler_act);
  return out;
}

UnaryOp ViTConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }
UnaryOp ViTConfig::pooler_activation() const { return activation_named(pooler_act, "pooler_act"); }

PatchEmbeddingOptions ViTConfig::embeddings() const {
  return {.channels = hidden_size,
          .kernel = patch_size.with(0, num_channels),
          .grid = grid(),
          .dropout = hidden_dropout_prob};
}

PreNormOptions ViTConfig::layers() const {
  return {.channels = hidden_size,
          .inner_channels = intermediate_size,
          .heads = num_attention_heads,
          .activation = activation(),
          .eps = layer_norm_eps,
          .bias = qkv_bias,
          .dropout = hidden_dropout_prob,
          .attention_dropout = attention_probs_dropout_prob};
}

}  // namespace thaw
