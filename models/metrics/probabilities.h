// SPDX-License-Identifier: Apache-2.0
// What logits say, on the host.
#pragma once

#include <algorithm>
#include <cmath>
#include <ranges>
#include <vector>

namespace thaw {

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// -log sigmoid(-x), without overflow.
inline double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

// exp(x) of each over their sum, without overflow. At least one, all finite.
template <std::ranges::forward_range Logits>
std::vector<double> softmax(const Logits& logits) {
  const auto highest = static_cast<double>(std::ranges::max(logits));
  std::vector<double> shares;
  double sum = 0;
  for (const auto logit : logits) sum += shares.emplace_back(std::exp(static_cast<double>(logit) - highest));
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace thaw
