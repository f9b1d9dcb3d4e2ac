// SPDX-License-Identifier: Apache-2.0
// Small sounds in files.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "tests/models/audio/wav_bytes.h"

namespace thaw {

// The bytes of a WAV file: so many samples of a tone, in Hz, at that rate.
inline std::string tone_bytes(double frequency, int samples, int rate) {
  std::vector<int16_t> numbers;
  for (int i = 0; i < samples; ++i)
    numbers.push_back(static_cast<int16_t>(9000 * std::sin(2 * std::numbers::pi * frequency * i / rate)));
  return wav_bytes({.rate = rate}, bytes_of(numbers));
}

}  // namespace thaw
