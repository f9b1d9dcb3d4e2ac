// SPDX-License-Identifier: Apache-2.0
// A small ViT made on the spot: configuration, pictures, a model with random weights.
#pragma once

#include <vector>

#include "models/vit/config.h"
#include "tests/models/small_model.h"
#include "tests/models/small_pictures.h"

namespace thaw {

// 3 layers, 16 channels, 2 heads, a grid of 3 x 4 patches of 4 x 2, no dropout.
inline ViTConfig small_vit_config() {
  ViTConfig config;
  config.hidden_size = 16;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.image_size = {12, 8};
  config.patch_size = {4, 2};
  return config;
}

inline PatchInput small_pictures(const ViTConfig& config, const std::vector<Shape>& sizes, Device device) {
  return small_pictures(config.num_channels, config.patch_size, sizes, device);
}

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallViT {
  ViTConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallViT(const ViTConfig& c = small_vit_config()) : config(c), model(Scope(store), config) {
    randomise(store);
  }
  PatchInput pictures(const std::vector<Shape>& sizes) const { return small_pictures(config, sizes, device); }
};

}  // namespace thaw
