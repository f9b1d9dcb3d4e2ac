// SPDX-License-Identifier: Apache-2.0
// A small CLIP made on the spot: configuration, pictures and texts, a model with random weights.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/clip/config.h"
#include "models/packed_text.h"
#include "tests/file_bytes.h"
#include "tests/models/small_model.h"
#include "tests/models/small_pictures.h"

namespace thaw {

// Texts: 3 layers, 16 channels, the words of the small vocabulary, 12 positions, end token 3. Pictures: 2 layers, 12
// channels, a grid of 3 x 3 patches of 4 x 4. 6 numbers a vector.
inline CLIPConfig small_clip_config() {
  CLIPConfig config;
  config.text.hidden_size = 16;
  config.text.num_hidden_layers = 3;
  config.text.num_attention_heads = 2;
  config.text.intermediate_size = 24;
  config.text.vocab_size = small_vocabulary_size();
  config.text.max_position_embeddings = 12;
  config.text.eos_token_id = 3;
  config.vision.hidden_size = 12;
  config.vision.num_hidden_layers = 2;
  config.vision.num_attention_heads = 3;
  config.vision.intermediate_size = 20;
  config.vision.image_size = 12;
  config.vision.patch_size = 4;
  config.projection_dim = 6;
  return config;
}

inline PackedText packed_texts(const std::vector<std::vector<int32_t>>& ids, Device device) {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& text : ids) encodings.push_back({.ids = text});
  return PackedText::from_encodings(pointers_to(encodings), device);
}

// Of these lengths: random words, and an end token.
inline std::vector<std::vector<int32_t>> small_captions(const std::vector<int32_t>& lengths, int32_t end) {
  std::vector<std::vector<int32_t>> texts = small_texts(lengths);
  for (std::vector<int32_t>& text : texts) text.back() = end;
  return texts;
}

// A directory of one, whose vocabulary is BERT's.
template <typename Model>
void write_small_clip(const std::string& directory, const typename Model::Config& config) {
  write_small_model<Model>(directory, config);
  write_bytes(directory + "/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
}

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallCLIP {
  typename Model::Config config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model;
  explicit SmallCLIP(const CLIPConfig& c = small_clip_config()) : config{c}, model(Scope(store), config) {
    randomise(store);
  }
  PatchInput pictures(const std::vector<Shape>& sizes = {{12, 12}, {12, 12}, {8, 16}}) const {
    const int64_t side = config.vision.patch_size;
    return small_pictures(config.vision.num_channels, {side, side}, sizes, device);
  }
  PackedText texts(const std::vector<int32_t>& lengths = {5, 12, 3}) const {
    return packed_texts(small_captions(lengths, static_cast<int32_t>(config.text.eos_token_id)), device);
  }
};

}  // namespace thaw
