// SPDX-License-Identifier: Apache-2.0
// Reads and writes the config.json of CLIP.
#include "models/clip/config.h"

#include <fmt/ranges.h>

#include <cmath>
#include <utility>
#include <vector>

#include "models/hub/token_ids.h"
#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr int64_t longest_side = 1 << 20;

// Numbers of rows are i32, and sizes of tensors i64.
void check_pictures(const CLIPVisionConfig& c, const Json& json) {
  if (c.patch_size > c.image_size)
    fail("{}: a patch of {} x {} does not fit image_size {}", json.where("patch_size"), c.patch_size, c.patch_size,
         c.image_size);
  if (c.grid().numel() >= INT32_MAX) fail("{}: {} patches are too many", json.where("image_size"), c.grid().numel());
  if (c.num_channels > INT32_MAX / (c.patch_size * c.patch_size))
    fail("{}: {} of a patch of {} x {} are too many numbers", json.where("num_channels"), c.num_channels, c.patch_size,
         c.patch_size);
}

// The object at `key`, or an empty one in its place.
Json object_at(const Json& json, const std::string& key) {
  const Json* value = json.find(key);
  return value && !value->is_null() ? json.get_object(key) : Json::parse("{}", json.where(key));
}

bool same(const Json& a, const Json& b) {
  return a.is_number() && b.is_number() ? a.as_number() == b.as_number() : a == b;
}

// A tower's configuration: that at `key`, with what "KEY_dict" of old files has and means by leaving it out.
template <typename Config>
Config read_part(const Json& json, const std::string& key, std::vector<std::string>& notes) {
  Json part = object_at(json, key);
  const std::string old_key = key + "_dict";
  if (const Json* old = json.find(old_key); old && !old->is_null()) {
    const Json whole = Config::from_json(json.get_object(old_key)).to_json();
    std::vector<std::string> replaced;
    for (const auto& [name, value] : whole.members()) {
      if (const Json* other = part.find(name); other && !same(*other, value)) replaced.push_back(name);
      part.set(name, value);
    }
    if (!replaced.empty())
      notes.push_back(fmt::format("{}: it decides, and {} says otherwise: {}", json.where(old_key), key,
                                  fmt::join(replaced, ", ")));
  }
  Config config = Config::from_json(part);
  notes.insert(notes.end(), config.notes.begin(), config.notes.end());
  return config;
}

}  // namespace

void CLIPTowerConfig::read_tower(const Json& file, std::string_view model_type) {
  read_shared(file, model_type);
  refuse_unless_off(file, {"pruned_heads", "is_decoder", "is_encoder_decoder", "add_cross_attention"});
  hidden_size = read_size(file, "hidden_size", hidden_size);
  intermediate_size = read_size(file, "intermediate_size", intermediate_size);
  num_hidden_layers = read_size(file, "num_hidden_layers", num_hidden_layers, max_layers);
  num_attention_heads = read_size(file, "num_attention_heads", num_attention_heads);
  if (hidden_size % num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", file.where("num_attention_heads"), num_attention_heads,
         hidden_size);
  hidden_act = file.get_string_or("hidden_act", hidden_act);
  activation_named(hidden_act, file.where("hidden_act"));
  layer_norm_eps = file.get_number_or("layer_norm_eps", layer_norm_eps, 0, 1);
  attention_dropout = read_probability(file, "attention_dropout", attention_dropout);
  initializer_range = file.get_number_or("initializer_range", initializer_range, 0, 1000);
  initializer_factor = file.get_number_or("initializer_factor", initializer_factor, 0, 1000);
}

Json CLIPTowerConfig::tower_json(std::string_view model_type) const {
  Json out = json_of_part(shared_json(model_type, ""), json);
  out.set("hidden_size", hidden_size);
  out.set("intermediate_size", intermediate_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("num_attention_heads", num_attention_heads);
  out.set("hidden_act", hidden_act);
  out.set("layer_norm_eps", layer_norm_eps);
  out.set("attention_dropout", attention_dropout);
  out.set("initializer_range", initializer_range);
  out.set("initializer_factor", initializer_factor);
  return out;
}

UnaryOp CLIPTowerConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }

PreNormOptions CLIPTowerConfig::layers() const {
  return {.channels = hidden_size,
          .inner_channels = intermediate_size,
          .heads = num_attention_heads,
          .activation = activation(),
          .eps = layer_norm_eps,
          .attention_dropout = attention_dropout};
}

// What is added to the residual path begins smaller, the deeper the tower, the smaller.
PreNormInit CLIPTowerConfig::first_weights() const {
  const double channels = std::sqrt(static_cast<double>(hidden_size));
  const double depth = std::sqrt(2 * static_cast<double>(num_hidden_layers));
  const Init deep = Init::normal(initializer_factor / channels / depth);
  return {deep, Init::normal(initializer_factor / channels), Init::normal(initializer_factor / channels / std::sqrt(2)),
          deep};
}

CLIPTextConfig CLIPTextConfig::from_json(const Json& json) {
  CLIPTextConfig c;
  c.read_tower(json, "clip_text_model");
  c.vocab_size = read_size(json, "vocab_size", c.vocab_size);
  c.max_position_embeddings = read_size(json, "max_position_embeddings", c.max_position_embeddings);
  if (json.contains("eos_token_id")) c.eos_token_id = json.get_int("eos_token_id");
  if (c.eos_token_id != eos_of_old_files) checked_token_id(c.eos_token_id, json, "eos_token_id", c.vocab_size);
  return c;
}

Json CLIPTextConfig::to_json() const {
  Json out = tower_json("clip_text_model");
  out.set("vocab_size", vocab_size);
  out.set("max_position_embeddings", max_position_embeddings);
  out.set("eos_token_id", eos_token_id);
  return out;
}

CLIPVisionConfig CLIPVisionConfig::from_json(const Json& json) {
  CLIPVisionConfig c;
  c.read_tower(json, "clip_vision_model");
  c.image_size = read_size(json, "image_size", c.image_size, longest_side);
  c.patch_size = read_size(json, "patch_size", c.patch_size, longest_side);
  c.num_channels = read_size(json, "num_channels", c.num_channels);
  check_pictures(c, json);
  return c;
}

Json CLIPVisionConfig::to_json() const {
  Json out = tower_json("clip_vision_model");
  out.set("image_size", image_size);
  out.set("patch_size", patch_size);
  out.set("num_channels", num_channels);
  return out;
}

CLIPConfig CLIPConfig::from_json(const Json& json) {
  CLIPConfig c;
  c.read_shared(json, "clip");
  c.text = read_part<CLIPTextConfig>(json, "text_config", c.notes);
  c.vision = read_part<CLIPVisionConfig>(json, "vision_config", c.notes);
  c.json.erase("text_config_dict");
  c.json.erase("vision_config_dict");
  c.read_keys(json);
  c.initializer_factor = json.get_number_or("initializer_factor", c.initializer_factor, 0, 1000);
  return c;
}

Json CLIPConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("clip", architecture);
  out.set("text_config", text.to_json());
  out.set("vision_config", vision.to_json());
  write_keys(out);
  out.set("initializer_factor", initializer_factor);
  return out;
}

}  // namespace thaw
