// SPDX-License-Identifier: Apache-2.0
// A small GPT made on the spot: configuration, texts, a model with random weights.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/gpt/config.h"
#include "models/gpt/input.h"
#include "nn/scope.h"
#include "tests/models/small_model.h"

namespace thaw {

// 3 layers, 16 channels, 2 heads, 32 positions, the small vocabulary, no dropout. model_type: "gpt2", "openai-gpt".
GptConfig small_gpt_config(const std::string& model_type = "gpt2");

GptInput gpt_texts(const std::vector<std::vector<int32_t>>& texts, Device device);

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallGpt {
  GptConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallGpt(const GptConfig& c = small_gpt_config()) : config(c), model(Scope(store), config) {
    randomise(store);
  }
};

}  // namespace thaw
