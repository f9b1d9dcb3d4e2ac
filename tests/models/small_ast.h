// SPDX-License-Identifier: Apache-2.0
// A small AST made on the spot: configuration, spectrograms, a model with random weights.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <vector>

#include "models/ast/input.h"
#include "tests/models/small_model.h"

namespace thaw {

// 3 layers, 16 channels, 2 heads, 11 frames of 8 bins, a grid of 3 x 5 patches of 3 x 3, no dropout.
inline ASTConfig small_ast_config() {
  ASTConfig config;
  config.hidden_size = 16;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.max_length = 11;
  config.num_mel_bins = 8;
  config.patch_size = 3;
  config.frequency_stride = 2;
  config.time_stride = 2;
  return config;
}

// Spectrograms of random numbers.
inline ASTInput small_spectrograms(const ASTConfig& config, int64_t count, Device device) {
  std::vector<std::vector<float>> numbers;
  for (int64_t i = 0; i < count; ++i)
    numbers.push_back(Init::normal(1).values({config.max_length, config.num_mel_bins}, 9, fmt::format("{}", i)));
  std::vector<PatchedArray> arrays;
  for (const std::vector<float>& one : numbers) arrays.push_back(patches_of_spectrogram(one, config));
  return ASTInput(cut_patches(arrays, device));
}

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallAST {
  ASTConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallAST(const ASTConfig& c = small_ast_config()) : config(c), model(Scope(store), config) {
    randomise(store);
  }
  ASTInput sounds(int64_t count) const { return small_spectrograms(config, count, device); }
};

}  // namespace thaw
