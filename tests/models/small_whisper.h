// SPDX-License-Identifier: Apache-2.0
// A small encoder of Whisper's made on the spot: configuration, sounds, a model with random weights.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <vector>

#include "models/whisper/config.h"
#include "models/whisper/input.h"
#include "tests/models/small_model.h"

namespace thaw {

// 3 layers, 16 channels, 2 heads, 5 bins, 12 positions, no dropout.
inline WhisperConfig small_whisper_config() {
  WhisperConfig config;
  config.d_model = 16;
  config.encoder_layers = 3;
  config.encoder_attention_heads = 2;
  config.encoder_ffn_dim = 24;
  config.num_mel_bins = 5;
  config.max_source_positions = 12;
  config.classifier_proj_size = 8;
  return config;
}

// Sounds of so many frames, of random numbers.
inline WhisperInput small_sounds(const WhisperConfig& config, const std::vector<int64_t>& frames, Device device) {
  std::vector<std::vector<float>> numbers;
  for (const int64_t count : frames)
    numbers.push_back(Init::normal(1).values({count, config.num_mel_bins}, 9, fmt::format("{}", numbers.size())));
  return WhisperInput::from_frames(std::vector<std::span<const float>>(numbers.begin(), numbers.end()),
                                   config.num_mel_bins, device);
}

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallWhisper {
  WhisperConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallWhisper(const WhisperConfig& c = small_whisper_config()) : config(c), model(Scope(store), config) {
    randomise(store);
  }
  WhisperInput sounds(const std::vector<int64_t>& frames) const { return small_sounds(config, frames, device); }
};

}  // namespace thaw
