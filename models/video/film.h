// SPDX-License-Identifier: Apache-2.0
// Moving pictures in memory.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

struct Film {
  int64_t frames = 0, height = 0, width = 0;
  int64_t rate = 25, rate_base = 1;  // rate / rate_base frames a second; a rate of 0: not known
  std::vector<uint8_t> pixels;       // [frames, height, width, 3]: red, green, blue

  int64_t frame_bytes() const { return height * width * 3; }
};

}  // namespace thaw
