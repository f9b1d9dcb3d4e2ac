// SPDX-License-Identifier: Apache-2.0
// Small pictures in files: the bytes of a PPM or PGM file need no library.
#pragma once

#include <cstdint>
#include <string>

#include "tensor/random_key.h"

namespace thaw {

// [height, width] of one colour, a little noisy by the seed.
inline std::string ppm_bytes(int height, int width, uint8_t red, uint8_t green, uint8_t blue, uint64_t seed = 1) {
  std::string bytes = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  const uint8_t colour[] = {red, green, blue};
  for (uint64_t i = 0; i < static_cast<uint64_t>(height * width * 3); ++i)
    bytes += static_cast<char>(colour[i % 3] / 2 + random_words({seed, 5}, i)[0] % 64);
  return bytes;
}

}  // namespace thaw
