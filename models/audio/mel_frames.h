// SPDX-License-Identifier: Apache-2.0
// What models see of a sound.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

constexpr int64_t most_mel_bins = 1024;
constexpr int64_t most_mel_frames = 100'000;  // of a clip: at 100 a second, 1,000 seconds

// Logarithms of power in bands of frequencies (log-mels), frame after frame, row-major.
struct MelFrames {
  int64_t frames = 0, bins = 0;
  std::vector<float> values;
  int64_t cut = 0;  // frames of the sound that did not fit behind these
};

}  // namespace thaw
