// SPDX-License-Identifier: Apache-2.0
// Ranks, and their means.
#include "models/metrics/ranking.h"

#include <algorithm>
#include <cstddef>

#include "tensor/check.h"

namespace thaw {
namespace {

template <typename Worth>
double mean(std::span<const int64_t> ranks, Worth&& worth) {
  double sum = 0;
  for (const int64_t rank : ranks) sum += worth(rank);
  return ranks.empty() ? 0 : sum / static_cast<double>(ranks.size());
}

}  // namespace

int64_t rank_of(std::span<const float> scores, int64_t right) {
  check(right >= 0 && right < static_cast<int64_t>(scores.size()), "rank_of: candidate {} is not in [0, {})", right,
        scores.size());
  const float own = scores[static_cast<size_t>(right)];
  return std::ranges::count_if(scores, [own](float other) { return !(other < own); });
}

double recall_at(std::span<const int64_t> ranks, int64_t k) {
  return mean(ranks, [k](int64_t rank) { return rank <= k ? 1.0 : 0.0; });
}

double mean_reciprocal_rank(std::span<const int64_t> ranks) {
  return mean(ranks, [](int64_t rank) { return 1.0 / static_cast<double>(rank); });
}

}  // namespace thaw
