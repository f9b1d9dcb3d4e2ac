// SPDX-License-Identifier: Apache-2.0
// Filters, each over what the one before has left.
#include "models/generation/sampling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

namespace thaw {
namespace {

constexpr float forbidden = -std::numeric_limits<float>::infinity();

void forbid_below(float least, std::span<float> scores) {
  for (float& score : scores)
    if (score < least) score = forbidden;
}

void keep_top_k(int64_t k, std::span<float> scores) {
  if (k >= static_cast<int64_t>(scores.size())) return;
  std::vector<float> sorted(scores.begin(), scores.end());
  std::ranges::nth_element(sorted, sorted.begin() + (k - 1), std::greater());
  forbid_below(sorted[static_cast<size_t>(k - 1)], scores);
}

// The finite scores' tokens, the likeliest first; of equal ones the lower first.
std::vector<size_t> likeliest_first(std::span<const float> scores) {
  std::vector<size_t> order;
  for (size_t i = 0; i < scores.size(); ++i)
    if (std::isfinite(scores[i])) order.push_back(i);
  std::ranges::stable_sort(order, std::greater(), [&](size_t i) { return scores[i]; });
  return order;
}

// exp(score - the greatest), the probabilities but for a common factor.
double share(float score, float greatest) {
  return std::exp(static_cast<double>(score) - static_cast<double>(greatest));
}

void keep_top_p(double p, std::span<float> scores) {
  const std::vector<size_t> order = likeliest_first(scores);
  if (order.empty()) return;
  const float greatest = scores[order[0]];
  double sum = 0, above = 0;
  for (const size_t i : order) sum += share(scores[i], greatest);
  for (size_t n = 0; n < order.size(); ++n) {
    const double own = share(scores[order[n]], greatest);
    if (n > 0 && above >= p * sum) scores[order[n]] = forbidden;
    above += own;
  }
}

}  // namespace

void filter_scores(const GenerationOptions& o, std::span<float> scores) {
  if (o.temperature != 1) {
    const float greatest = std::ranges::max(scores);  // subtracted first: nothing grows beyond all numbers
    if (!std::isfinite(greatest)) return;
    for (float& score : scores)
      score = static_cast<float>((static_cast<double>(score) - static_cast<double>(greatest)) / o.temperature);
  }
  if (o.top_k > 0) keep_top_k(o.top_k, scores);
  if (o.top_p < 1) keep_top_p(o.top_p, scores);
  if (o.min_p > 0) forbid_below(std::ranges::max(scores) + static_cast<float>(std::log(o.min_p)), scores);
}

int32_t draw(std::span<const float> scores, RandomKey key, int64_t step) {
  const float greatest = std::ranges::max(scores);
  if (!std::isfinite(greatest)) return -1;
  double sum = 0;
  for (const float score : scores) sum += share(score, greatest);
  const auto number = static_cast<uint64_t>(step);
  // 53 bits of two words: a token of a large vocabulary may be rarer than 2^-24.
  const auto words = random_words(key, number / 2);
  const uint64_t bits = uint64_t{words[2 * (number % 2)]} << 32 | words[2 * (number % 2) + 1];
  double left = static_cast<double>(bits >> 11) * 0x1p-53 * sum;
  int32_t last = -1;
  for (size_t i = 0; i < scores.size(); ++i) {
    const double own = share(scores[i], greatest);
    if (own == 0) continue;
    last = static_cast<int32_t>(i);
    if (left < own) return last;
    left -= own;
  }
  return last;
}

}  // namespace thaw
