// SPDX-License-Identifier: Apache-2.0
// CLIP (Radford et al. 2021): pictures and texts in one space. Parameters are named as in checkpoints.
#pragma once

#include "models/clip/config.h"
#include "models/clip/text_tower.h"
#include "models/clip/vision_tower.h"
#include "models/image_text.h"

namespace thaw {

struct CLIPModel : ImageTextModel<CLIPVisionTower, CLIPTextTower, PackedText> {
  static constexpr const char* architecture = "CLIPModel";
  using Config = CLIPConfig;

  CLIPModel(const Scope& s, const CLIPConfig& config)
      : ImageTextModel{{s / "vision_model", config.vision},
                       {s / "text_model", config.text},
                       {s,
                        {.image_channels = config.vision.hidden_size,
                         .text_channels = config.text.hidden_size,
                         .vector = config.projection_dim,
                         .first_logit_scale = config.logit_scale_init_value,
                         .init_factor = config.initializer_factor}}} {}

  void set_checkpointing(bool on) { vision_model.encoder.checkpointing = text_model.encoder.checkpointing = on; }
};

}  // namespace thaw
