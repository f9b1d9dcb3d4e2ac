// SPDX-License-Identifier: Apache-2.0
// Sounds at another rate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/audio/sound.h"

namespace thaw {

// Sample i of the result is the band-limited sound at the time i / to: the sum over samples, as many as there are
// within 64 zero crossings at either side, by a sinc under a Kaiser window (Oppenheim and Schafer, Discrete-Time Signal
// Processing, 7.5.3). With f, half of the lower rate: frequencies up to .914 f come through within 4e-5 of their
// amplitude, those from f on are less than 4e-5 (-88 dB) of it. Computed in f64; the sound is 0 before its beginning
// and behind its end.
class Resampler {
 public:
  // Samples a second, each from lowest_rate to highest_rate; std::invalid_argument else.
  Resampler(int64_t from, int64_t to);

  // ceil(n to / from) samples of n; with equal rates the samples themselves.
  std::vector<float> operator()(std::span<const float> samples) const;

 private:
  int64_t outputs_ = 1, inputs_ = 1;  // to / from in lowest terms: the same weights return after so many samples
  int64_t before_ = 0;                // samples that a sum begins before the one at or before its time
  int64_t taps_ = 0;                  // of a sum; 0: equal rates
  std::vector<double> weights_;       // [outputs, taps]
};

// For many sounds of one rate keep a Resampler.
Sound resampled(Sound sound, int64_t rate);

}  // namespace thaw
