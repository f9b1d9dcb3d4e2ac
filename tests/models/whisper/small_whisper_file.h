// SPDX-License-Identifier: Apache-2.0
// A small Whisper as CTranslate2 has it, of random numbers: 4 channels, 2 heads, 3 bins, a second of positions, 2
// layers that read and one that writes, 7 words.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "nn/init.h"
#include "tests/models/hub/ctranslate2_bytes.h"

namespace thaw {

class SmallWhisperFile {
 public:
  static CTranslate2Parts parts() {
    SmallWhisperFile file;
    file.tensor("encoder/conv1/weight", {channels, bins, 3});
    file.tensor("encoder/conv1/bias", {channels});
    file.tensor("encoder/conv2/weight", {channels, channels, 3});
    file.tensor("encoder/conv2/bias", {channels});
    file.stack("encoder", positions, 2, false);
    file.option("encoder/num_heads", ct2_i16, 2);
    file.tensor("decoder/embeddings/weight", {words, channels});
    file.stack("decoder", 6, 1, true);
    file.option("decoder/num_heads", ct2_i16, 2);
    file.option("decoder/activation", ct2_i8, 3);
    file.option("decoder/pre_norm", ct2_i8, 1);
    file.option("decoder/alignment_layer", ct2_i16, 0xFFFF);
    file.option("decoder/alignment_heads", ct2_i16, 1);
    file.option("decoder/scale_embeddings", ct2_i8, 0);
    file.parts_.aliases = {{"decoder/projection/weight", "decoder/embeddings/weight"}};
    return std::move(file.parts_);
  }

  static constexpr uint32_t channels = 4, bins = 3, positions = 50, words = 7, inner = 6;

 private:
  void option(const std::string& name, uint8_t type, uint64_t value) {
    parts_.variables.push_back({name, {}, type, CTranslate2Parts::number(value, type == ct2_i8 ? 1 : 2)});
  }
  void tensor(const std::string& name, const std::vector<uint32_t>& shape) {
    Shape all;
    for (const uint32_t size : shape) all = all.with(all.rank(), size);
    const std::vector<float> numbers = Init::normal(1).values(all, 5, name);
    std::string data(4 * numbers.size(), '\0');
    std::memcpy(data.data(), numbers.data(), data.size());
    parts_.variables.push_back({name, shape, ct2_f32, std::move(data)});
  }
  void linear(const std::string& name, uint32_t in, uint32_t out) {
    tensor(name + "/weight", {out, in});
    tensor(name + "/bias", {out});
  }
  // Of products that lie one below the other; from row `keys` on the bias is none.
  void stacked(const std::string& name, uint32_t count, uint32_t keys) {
    linear(name, channels, count * channels);
    parts_.variables.back().data.replace(4 * keys * channels, 4 * channels, 4 * channels, '\0');
  }
  void norm(const std::string& name) {
    tensor(name + "/gamma", {channels});
    tensor(name + "/beta", {channels});
  }
  void stack(const std::string& name, uint32_t places, int layers, bool is_decoder) {
    for (int i = 0; i < layers; ++i) {
      const std::string layer = name + "/layer_" + std::to_string(i);
      norm(layer + "/self_attention/layer_norm");
      stacked(layer + "/self_attention/linear_0", 3, 1);
      linear(layer + "/self_attention/linear_1", channels, channels);
      if (is_decoder) {
        norm(layer + "/attention/layer_norm");
        linear(layer + "/attention/linear_0", channels, channels);
        stacked(layer + "/attention/linear_1", 2, 0);
        linear(layer + "/attention/linear_2", channels, channels);
      }
      norm(layer + "/ffn/layer_norm");
      linear(layer + "/ffn/linear_0", channels, inner);
      linear(layer + "/ffn/linear_1", inner, channels);
    }
    norm(name + "/layer_norm");
    tensor(name + "/position_encodings/encodings", {places, channels});
  }

  CTranslate2Parts parts_;
};

}  // namespace thaw
