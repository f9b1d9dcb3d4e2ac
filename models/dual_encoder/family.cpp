// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of dual encoders.
#include "models/dual_encoder/family.h"

#include <fmt/format.h>

#include "models/bert/sequence_body.h"
#include "models/dual_encoder/dual_encoder.h"
#include "models/image_text_family.h"

namespace thaw {

namespace {

std::string dropouts_of(const ViTConfig& c) {
  return fmt::format("{} {}", c.hidden_dropout_prob, c.attention_probs_dropout_prob);
}
std::string dropouts_of(const CLIPVisionConfig& c) { return fmt::format("{}", c.attention_dropout); }

Fingerprint switches_of_pictures(const auto& c) {
  const PatchLimits limits = c.limits();
  return {{"hidden_act", c.hidden_act},
          {"dropouts", dropouts_of(c)},
          {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
          {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
          {"image_size", fmt::format("{}", limits.picture)},
          {"patch_size", fmt::format("{}", limits.patch)}};
}

struct DualEncoderPairs {
  using Model = VisionTextDualEncoderModel;
  using Config = VisionTextDualEncoderConfig;

  static PatchLimits pictures(const Config& c) {
    return std::visit([](const auto& part) { return part.limits(); }, c.vision);
  }
  static TextLimits texts(const Config& c) {
    return {c.text.max_position_embeddings, c.text.vocab_size, c.text.type_vocab_size};
  }
  static int64_t picture_width(const Config& c) { return c.vision_channels(); }
  static int64_t text_width(const Config& c) { return c.text.hidden_size; }

  static Fingerprint switches(const Config& c) {
    Fingerprint switches;
    const Fingerprint vision = std::visit([](const auto& part) { return switches_of_pictures(part); }, c.vision);
    for (const auto& [name, value] : vision) switches["vision_config." + name] = value;
    for (const auto& [name, value] : switches_of_body(c.text)) switches["text_config." + name] = value;
    return switches;
  }
};

}  // namespace

constinit const ModelFamily dual_encoder_family = {
    .model_type = "vision-text-dual-encoder",
    .checkpoint_names =
        [](const Json& json) { return VisionTextDualEncoderConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
    .reads = InputKind::pictures,
    .open_pair = open_image_text<DualEncoderPairs>,
};

}  // namespace thaw
