// SPDX-License-Identifier: Apache-2.0
// The names in checkpoints of dual encoders: they have no prefix.
#include "models/dual_encoder/config.h"

namespace thaw {

std::string VisionTextDualEncoderConfig::vision_path() const {
  return std::holds_alternative<CLIPVisionConfig>(vision) && wraps_clip ? "vision_model.vision_model" : "vision_model";
}

CheckpointNames VisionTextDualEncoderConfig::checkpoint_names() const {
  CheckpointNames names;
  names.old_endings = {{"LayerNorm.weight", "LayerNorm.gamma"}, {"LayerNorm.bias", "LayerNorm.beta"}};
  names.ignored = {"*embeddings.position_ids"};
  names.required = {"vision_model.*", "text_model.*", "*_projection.weight", "logit_scale"};
  return names;
}

void VisionTextDualEncoderConfig::settle(CheckpointSource& source) {
  wraps_clip = source.find("vision_model.embeddings.class_embedding") == nullptr;
  if (source.first_weights() != FirstWeights::random) return;
  check_can_begin(text.json, "initializer_range");
  if (const auto* clip = std::get_if<CLIPVisionConfig>(&vision)) check_spread(clip->json, "initializer_factor");
  if (const auto* vit = std::get_if<ViTConfig>(&vision)) check_spread(vit->json, "initializer_range");
}

}  // namespace thaw
