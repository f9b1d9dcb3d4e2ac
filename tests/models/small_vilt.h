// SPDX-License-Identifier: Apache-2.0
// A small ViLT made on the spot: configuration, texts with pictures, a model with random weights.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/vilt/config.h"
#include "models/vilt/input.h"
#include "tests/models/small_vit.h"

namespace thaw {

// 3 layers, 16 channels, 2 heads, texts of up to 9 tokens, a grid of 3 x 3 patches of 4 x 4, no dropout.
inline ViltConfig small_vilt_config() {
  ViltConfig config;
  config.hidden_size = 16;
  config.num_hidden_layers = 3;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.vocab_size = small_vocabulary_size();
  config.max_position_embeddings = 9;
  config.image_size = 12;
  config.patch_size = 4;
  return config;
}

struct SmallPair {
  int32_t tokens;
  Shape picture;  // [height, width]
};

// Texts of so many tokens, the second half of each of type 1, with pictures of random numbers; or one of these pairs.
inline ViltInput small_pairs(const ViltConfig& config, const std::vector<SmallPair>& pairs, Device device,
                             std::optional<size_t> only = {}) {
  std::vector<int32_t> lengths;
  std::vector<Shape> sizes;
  for (const SmallPair& pair : pairs) {
    lengths.push_back(pair.tokens);
    sizes.push_back(pair.picture);
  }
  std::vector<Encoding> texts = small_encodings(lengths);
  for (Encoding& text : texts)
    for (size_t t = text.size() / 2; t < text.size(); ++t) text.type_ids[t] = 1;
  if (only) {
    texts = {texts[*only]};
    sizes = {sizes[*only]};
  }
  const Shape patch{config.patch_size, config.patch_size};
  return {BertInput::from_encodings(texts, device),
          small_pictures(config.num_channels, patch, sizes, device, only.value_or(0))};
}

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallVilt {
  ViltConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallVilt(const ViltConfig& c = small_vilt_config()) : config(c), model(Scope(store), config) {
    randomise(store);
  }
  ViltInput pairs(const std::vector<SmallPair>& wanted, std::optional<size_t> only = {}) const {
    return small_pairs(config, wanted, device, only);
  }
};

}  // namespace thaw
