// SPDX-License-Identifier: Apache-2.0
// A picture in memory: what files are read into, and what processors make numbers of.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

struct Picture {
  int64_t height = 0, width = 0;
  int64_t channels = 3;         // 1: grey; 3: red, green, blue
  std::vector<uint8_t> pixels;  // [height, width, channels]

  bool operator==(const Picture&) const = default;
};

// The most pixels of a picture that is read or made: where Pillow sees a "decompression bomb", 2^30 / 6.
constexpr int64_t max_picture_pixels = 178'956'970;

// std::invalid_argument unless the picture has 1 or 3 channels, one pixel or more, and as many numbers as its sizes
// say.
void check_picture(const Picture& picture);

// The picture with three channels, all the same if it was grey.
Picture as_rgb(const Picture& picture);

}  // namespace thaw
