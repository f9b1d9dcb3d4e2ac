// SPDX-License-Identifier: Apache-2.0
// What models see of a sound.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

// Logarithms of power in bands of frequencies (log-mels), frame after frame, row-major.
struct MelFrames {
  int64_t frames = 0, bins = 0;
  std::vector<float> values;
};

}  // namespace thaw
