// SPDX-License-Identifier: Apache-2.0
// Small films made on the spot: a ViViT's configuration, and Y4M files.
#pragma once

#include <cstdint>
#include <string>

#include "models/video/y4m.h"
#include "models/vivit/config.h"
#include "tensor/random_key.h"

namespace thaw {

// 2 layers, 16 channels, 2 heads, films of 4 frames of 6 x 8 pixels in tubelets of 2 x 3 x 4, no dropout.
inline VivitConfig small_vivit_config() {
  VivitConfig config;
  config.hidden_size = 16;
  config.num_hidden_layers = 2;
  config.num_attention_heads = 2;
  config.intermediate_size = 24;
  config.image_size = {6, 8};
  config.num_frames = 4;
  config.tubelet_size = {2, 3, 4};
  return config;
}

// Grey noise by the seed: darker, or lighter, from frame to frame.
inline Film small_film(int64_t frames, int64_t height, int64_t width, bool lighter, uint64_t seed = 1) {
  Film film{.frames = frames, .height = height, .width = width, .pixels = {}};
  for (int64_t frame = 0; frame < frames; ++frame) {
    const auto light = static_cast<uint32_t>(160 * (lighter ? frame + 1 : frames - frame) / frames);
    for (int64_t pixel = 0; pixel < height * width; ++pixel) {
      const uint32_t noise = random_words({seed, 5}, static_cast<uint64_t>(frame * height * width + pixel))[0] % 64;
      film.pixels.insert(film.pixels.end(), 3, static_cast<uint8_t>(light + noise));
    }
  }
  return film;
}

inline std::string film_bytes(const Film& film) { return y4m_bytes(film, FilmChroma::full); }

}  // namespace thaw
