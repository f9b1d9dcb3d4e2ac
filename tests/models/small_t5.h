// SPDX-License-Identifier: Apache-2.0
// A small T5 made on the spot: configuration, texts, a model with random weights.
#pragma once

#include <cstdint>
#include <vector>

#include "models/t5/t5.h"
#include "nn/scope.h"
#include "tests/models/small_model.h"

namespace thaw {

// 2 layers and 3 of the decoder, 16 channels, 3 heads of 4; gated, with an output matrix of its own; no dropout.
T5Config small_t5_config();

PackedText packed(const std::vector<std::vector<int32_t>>& texts, Device device);

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallT5 {
  T5Config config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallT5(const T5Config& c = small_t5_config()) : config(c), model(Scope(store), {config}) {
    randomise(store);
  }
};

}  // namespace thaw
