// SPDX-License-Identifier: Apache-2.0
// Passes over the scores of a whole vocabulary, which every row makes at every step: in lanes, of which compilers make
// vectors, and without a call for each number.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "models/generation/search.h"

namespace thaw {
namespace {

constexpr size_t lanes = 16;
constexpr size_t piece = 32 * lanes;  // numbers that are summed in f32

// e^x of x <= 0, to some 1e-7 of it, as if x were at least -87. With x = n log 2 + r it is 2^n times the first terms of
// e^r's series; n is rounded by adding 1.5 * 2^23, whose sum holds it in the low bits.
inline float exponential(float x) {
  constexpr float rounder = 0x1.8p23f;
  x = x < -87.0f ? -87.0f : x;
  const float shifted = x * 1.44269504f + rounder, n = shifted - rounder;
  const float r = (x - n * 0x1.62ep-1f) - n * 0x1.0bfbe8p-15f;
  float e = 1.0f / 5040;
  e = e * r + 1.0f / 720;
  e = e * r + 1.0f / 120;
  e = e * r + 1.0f / 24;
  e = e * r + 1.0f / 6;
  e = e * r + 0.5f;
  e = e * r + 1.0f;
  e = e * r + 1.0f;
  const auto power = (std::bit_cast<uint32_t>(shifted) - std::bit_cast<uint32_t>(rounder) + 127) << 23;
  return e * std::bit_cast<float>(power);
}

float greatest_of(std::span<const float> scores) {
  std::array<float, lanes> best;
  best.fill(scores[0]);
  const float* x = scores.data();
  const float* const end = x + scores.size();
  for (; x + lanes <= end; x += lanes)
    for (size_t l = 0; l < lanes; ++l) best[l] = x[l] > best[l] ? x[l] : best[l];
  for (; x < end; ++x) best[0] = *x > best[0] ? *x : best[0];
  return *std::ranges::max_element(best);
}

}  // namespace

bool has_overflow(std::span<const float> scores) {
  constexpr float most = std::numeric_limits<float>::max();
  std::array<uint32_t, lanes> bad{};
  const float* x = scores.data();
  const float* const end = x + scores.size();
  for (; x + lanes <= end; x += lanes)
    for (size_t l = 0; l < lanes; ++l) bad[l] |= static_cast<uint32_t>(!(x[l] <= most));
  for (; x < end; ++x) bad[0] |= static_cast<uint32_t>(!(*x <= most));
  return std::ranges::any_of(bad, [](uint32_t lane) { return lane != 0; });
}

size_t likeliest_token(std::span<const float> scores) {
  return static_cast<size_t>(std::ranges::find(scores, greatest_of(scores)) - scores.begin());
}

double log_sum_exp(std::span<const float> scores) {
  const float greatest = greatest_of(scores);
  if (!std::isfinite(greatest)) return static_cast<double>(greatest);
  double sum = 0;
  for (size_t begin = 0; begin < scores.size(); begin += piece) {
    const float* x = scores.data() + begin;
    const float* const end = x + std::min(piece, scores.size() - begin);
    std::array<float, lanes> sums{};
    for (; x + lanes <= end; x += lanes)
      for (size_t l = 0; l < lanes; ++l) sums[l] += exponential(x[l] - greatest);
    for (; x < end; ++x) sums[0] += exponential(*x - greatest);
    for (const float part : sums) sum += static_cast<double>(part);
  }
  return static_cast<double>(greatest) + std::log(sum);
}

}  // namespace thaw
