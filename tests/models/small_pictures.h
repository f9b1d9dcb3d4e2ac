// SPDX-License-Identifier: Apache-2.0
// Small pictures made on the spot, as numbers and as files.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/image/patch_embeddings.h"
#include "nn/init.h"
#include "tensor/random_key.h"

namespace thaw {

// Of these sizes [height, width] and of random numbers, the first one's, the next one's, ..., in patches of this one.
inline PatchBatch small_patches(int64_t channels, const Shape& patch, const std::vector<Shape>& sizes, Device device,
                                size_t first = 0) {
  std::vector<std::vector<float>> pixels;
  for (size_t i = 0; i < sizes.size(); ++i)
    pixels.push_back(Init::normal(1).values(sizes[i].with(0, channels), 9, fmt::format("{}", first + i)));
  std::vector<PatchedArray> arrays;
  for (size_t i = 0; i < sizes.size(); ++i)
    arrays.push_back(patches_of_picture(pixels[i], sizes[i].with(0, channels), patch));
  return cut_patches(arrays, device);
}
inline PatchInput small_pictures(int64_t channels, const Shape& patch, const std::vector<Shape>& sizes, Device device,
                                 size_t first = 0) {
  return PatchInput(small_patches(channels, patch, sizes, device, first));
}

// The bytes of a PPM file, which no library is needed for: [height, width] of one colour, a little noisy by the seed.
inline std::string ppm_bytes(int height, int width, uint8_t red, uint8_t green, uint8_t blue, uint64_t seed = 1) {
  std::string bytes = fmt::format("P6\n{} {}\n255\n", width, height);
  const uint8_t colour[] = {red, green, blue};
  for (uint64_t i = 0; i < static_cast<uint64_t>(height * width * 3); ++i)
    bytes += static_cast<char>(colour[i % 3] / 2 + random_words({seed, 5}, i)[0] % 64);
  return bytes;
}

}  // namespace thaw
