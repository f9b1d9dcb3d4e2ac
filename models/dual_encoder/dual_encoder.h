// SPDX-License-Identifier: Apache-2.0
// Pictures and texts in one space by any two models (Zhai et al. 2022, "LiT: zero-shot transfer with locked-image text
// tuning"): a ViT or CLIP's tower, and a BERT. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "models/bert/bert.h"
#include "models/clip/vision_tower.h"
#include "models/dual_encoder/config.h"
#include "models/image_text.h"
#include "models/vit/vit.h"

namespace thaw {

// What reads the pictures, as a trunk of whichever family. B pictures.
struct DualEncoderVision {
  std::variant<ViT, CLIPVisionTower> tower;

  DualEncoderVision(const Scope& s, const VisionTextDualEncoderConfig& config);

  Variable pooled(const PatchInput& pictures) const;  // [B, C]
  std::vector<std::vector<std::string>> stages() const;
  int64_t lookup_stages() const { return 0; }
  bool gives_a_row_a_text(int64_t stages) const;
  Variable states(const PatchInput& pictures, int64_t stages) const;
  void set_checkpointing(bool on);
};

struct VisionTextDualEncoderModel : ImageTextModel<DualEncoderVision, Bert, BertInput> {
  static constexpr const char* architecture = "VisionTextDualEncoderModel";
  using Config = VisionTextDualEncoderConfig;

  VisionTextDualEncoderModel(const Scope& s, const VisionTextDualEncoderConfig& config)
      : ImageTextModel{{s, config},
                       {s / "text_model", config.text},
                       {s,
                        {.image_channels = config.vision_channels(),
                         .text_channels = config.text.hidden_size,
                         .vector = config.projection_dim,
                         .first_logit_scale = config.logit_scale_init_value}}} {}

  void set_checkpointing(bool on) {
    vision_model.set_checkpointing(on);
    text_model.checkpointing = on;
  }
};

}  // namespace thaw
