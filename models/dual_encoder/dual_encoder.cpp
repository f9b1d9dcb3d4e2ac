// SPDX-License-Identifier: Apache-2.0
// What reads the pictures of a dual encoder.
#include "models/dual_encoder/dual_encoder.h"

#include <span>

namespace thaw {

namespace {

std::variant<ViT, CLIPVisionTower> tower_at(const Scope& s, const VisionTextDualEncoderConfig& config) {
  const Scope below = s / config.vision_path();
  if (const auto* clip = std::get_if<CLIPVisionConfig>(&config.vision)) return CLIPVisionTower(below, *clip);
  return ViT(below, std::get<ViTConfig>(config.vision));
}

}  // namespace

DualEncoderVision::DualEncoderVision(const Scope& s, const VisionTextDualEncoderConfig& config)
    : tower(tower_at(s, config)) {}

Variable DualEncoderVision::pooled(const PatchInput& pictures) const {
  return std::visit([&](const auto& any) { return any.pooled(pictures); }, tower);
}

std::vector<std::vector<std::string>> DualEncoderVision::stages() const {
  std::vector<std::vector<std::string>> stages;
  std::visit(
      [&](const auto& any) {
        for (const auto& stage : any.stages()) {
          const std::span<const std::string> names = names_of_stage(stage);
          stages.emplace_back(names.begin(), names.end());
        }
      },
      tower);
  return stages;
}

bool DualEncoderVision::gives_a_row_a_text(int64_t stages) const {
  return std::visit([&](const auto& any) { return any.gives_a_row_a_text(stages); }, tower);
}

Variable DualEncoderVision::states(const PatchInput& pictures, int64_t stages) const {
  return std::visit([&](const auto& any) { return any.states(pictures, stages); }, tower);
}

void DualEncoderVision::set_checkpointing(bool on) {
  std::visit([&](auto& any) { any.encoder.checkpointing = on; }, tower);
}

}  // namespace thaw
