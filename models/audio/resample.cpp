// SPDX-License-Identifier: Apache-2.0
// A filter of finite length for each of the places that a sample of the result can have between two samples.
#include "models/audio/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "tensor/check.h"

namespace thaw {
namespace {

// Kaiser's formulas for a stop-band at -A dB: the window's beta, and how much of the cut-off frequency the filter takes
// from the end of the pass-band to the beginning of the stop-band.
constexpr double attenuation = 90;  // A
constexpr double crossings = 64;    // of the sinc, at either side
constexpr double beta = .1102 * (attenuation - 8.7);
constexpr double transition = (attenuation - 7.95) / (14.36 * crossings);

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

// The modified Bessel function of order 0: the sum of ((x / 2)^k / k!)^2. (std::cyl_bessel_i takes far longer.)
double bessel_i0(double x) {
  double sum = 1, term = 1;
  for (double k = 1; term > 1e-17 * sum; ++k) {
    term *= x / (2 * k) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

// x: -1 to 1 from end to end.
double kaiser(double x) {
  static const double highest = bessel_i0(beta);
  return std::abs(x) > 1 ? 0 : bessel_i0(beta * std::sqrt(1 - x * x)) / highest;
}

}  // namespace

Resampler::Resampler(int64_t from, int64_t to) {
  for (const int64_t rate : {from, to})
    check(rate >= lowest_rate && rate <= highest_rate, "resample: {} samples a second; expected {} to {}", rate,
          lowest_rate, highest_rate);
  if (from == to) return;
  outputs_ = to / std::gcd(from, to);
  inputs_ = from / std::gcd(from, to);
  // The stop-band begins at half of the lower rate. In units of half of `from`:
  const double cutoff = std::min(1., static_cast<double>(to) / static_cast<double>(from)) / (1 + transition / 2);
  const double reach = crossings / cutoff;  // in samples
  before_ = static_cast<int64_t>(std::ceil(reach)) - 1;
  taps_ = 2 * (before_ + 1);
  weights_.resize(static_cast<size_t>(outputs_ * taps_));
  for (int64_t phase = 0; phase < outputs_; ++phase) {
    const auto weights = std::span(weights_).subspan(static_cast<size_t>(phase * taps_), static_cast<size_t>(taps_));
    const double time = static_cast<double>(before_) + static_cast<double>(phase) / static_cast<double>(outputs_);
    for (size_t tap = 0; tap < weights.size(); ++tap) {
      const double away = static_cast<double>(tap) - time;
      weights[tap] = sinc(cutoff * away) * kaiser(away / reach);
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.);  // 1: a constant stays what it is
    for (double& weight : weights) weight /= sum;
  }
}

std::vector<float> Resampler::operator()(std::span<const float> samples) const {
  if (taps_ == 0) return {samples.begin(), samples.end()};
  const int64_t n = std::ssize(samples);
  std::vector<float> result(static_cast<size_t>((n * outputs_ + inputs_ - 1) / inputs_));
  for (int64_t i = 0; i < std::ssize(result); ++i) {
    const int64_t first = i * inputs_ / outputs_ - before_;
    const double* weights = weights_.data() + i * inputs_ % outputs_ * taps_;
    double sum = 0;
    for (int64_t tap = std::max<int64_t>(0, -first); tap < std::min(taps_, n - first); ++tap)
      sum += weights[tap] * static_cast<double>(samples[static_cast<size_t>(first + tap)]);
    result[static_cast<size_t>(i)] = static_cast<float>(sum);
  }
  return result;
}

Sound resampled(Sound sound, int64_t rate) {
  if (sound.sample_rate == rate) return sound;
  return {.sample_rate = rate, .samples = Resampler(sound.sample_rate, rate)(sound.samples)};
}

}  // namespace thaw
