// SPDX-License-Identifier: Apache-2.0
// Reads and writes the config.json of a dual encoder.
#include "models/dual_encoder/config.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

std::variant<ViTConfig, CLIPVisionConfig> read_vision(const Json& json) {
  const std::string& type = json.get_string("model_type");
  if (type == "clip_vision_model") return CLIPVisionConfig::from_json(json);
  if (type != "vit")
    fail(R"({}: {} is not supported, only "vit" and "clip_vision_model")", json.where("model_type"), quote(type));
  const ViTConfig c = ViTConfig::from_json(json);
  if (c.pooled_size() != c.hidden_size)
    fail("{}: {} is not hidden_size {}, which the projection reads", json.where("pooler_output_size"), c.pooled_size(),
         c.hidden_size);
  return c;
}

BertConfig read_text(const Json& json) {
  if (const std::string& type = json.get_string("model_type"); type != "bert")
    fail(R"({}: {} is not supported, only "bert")", json.where("model_type"), quote(type));
  return BertConfig::from_json(json);
}

Json part_json(const CLIPVisionConfig& config) { return config.to_json(); }
Json part_json(const ViTConfig& config) { return json_of_part(config.to_json("ViTModel"), config.json); }
Json part_json(const BertConfig& config) { return json_of_part(config.to_json("BertModel"), config.json); }

}  // namespace

VisionTextDualEncoderConfig VisionTextDualEncoderConfig::from_json(const Json& json) {
  VisionTextDualEncoderConfig c;
  c.read_shared(json, "vision-text-dual-encoder");
  c.vision = read_vision(json.get_object("vision_config"));
  c.text = read_text(json.get_object("text_config"));
  const auto take_notes = [&](const auto& part) {
    c.notes.insert(c.notes.end(), part.notes.begin(), part.notes.end());
  };
  std::visit(take_notes, c.vision);
  take_notes(c.text);
  c.read_keys(json);
  return c;
}

Json VisionTextDualEncoderConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("vision-text-dual-encoder", architecture);
  out.set("vision_config", std::visit([](const auto& part) { return part_json(part); }, vision));
  out.set("text_config", part_json(text));
  write_keys(out);
  return out;
}

}  // namespace thaw
