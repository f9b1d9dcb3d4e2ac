// SPDX-License-Identifier: Apache-2.0
// Small dual encoders made on the spot: configuration, pictures and texts, a model with random weights.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "models/dual_encoder/dual_encoder.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_clip.h"
#include "tests/models/small_vit.h"

namespace thaw {

// The small BERT beside the small ViT, or beside the small CLIP's tower. 6 numbers a vector.
inline VisionTextDualEncoderConfig small_dual_encoder_config(bool clip = false) {
  VisionTextDualEncoderConfig config;
  config.text = small_bert_config();
  if (clip) {
    config.vision = small_clip_config().vision;
  } else {
    config.vision = small_vit_config();
  }
  config.projection_dim = 6;
  return config;
}

// A model on the device that the environment names, with random weights.
struct SmallDualEncoder {
  VisionTextDualEncoderConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  VisionTextDualEncoderModel model;
  explicit SmallDualEncoder(const VisionTextDualEncoderConfig& c = small_dual_encoder_config())
      : config(c), model(Scope(store), config) {
    randomise(store);
  }
  PatchInput pictures() const {
    const std::vector<Shape> sizes{{12, 8}, {8, 12}, {12, 8}};
    if (const auto* vit = std::get_if<ViTConfig>(&config.vision)) return small_pictures(*vit, sizes, device);
    return small_pictures(3, {4, 4}, sizes, device);
  }
  BertInput texts() const { return small_batch(config.text, {5, 9, 3}, device); }
};

}  // namespace thaw
