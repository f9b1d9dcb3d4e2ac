// SPDX-License-Identifier: Apache-2.0
// Goes from the least truth to the greatest, and asks how many that came before were said to be less.
#include "models/metrics/pair_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "tensor/check.h"

namespace thaw {
namespace {

// Counts by place, and how many stand below a place, in O(log places) (Fenwick 1994).
class CountsBelow {
 public:
  explicit CountsBelow(size_t places) : sums_(places + 1) {}

  void add(size_t place) {
    for (size_t node = place + 1; node < sums_.size(); node += lowest_bit(node)) ++sums_[node];
  }
  int64_t below(size_t place) const {
    int64_t count = 0;
    for (size_t node = place; node > 0; node -= lowest_bit(node)) count += sums_[node];
    return count;
  }

 private:
  static size_t lowest_bit(size_t node) { return node & (~node + 1); }

  std::vector<int64_t> sums_;
};

}  // namespace

PairOrder pair_order(std::span<const double> said, std::span<const double> truth) {
  check(said.size() == truth.size(), "metrics: {} numbers for {} truths", said.size(), truth.size());
  std::vector<double> values(said.begin(), said.end());
  std::ranges::sort(values);
  const auto place = [&](size_t i) {
    return static_cast<size_t>(std::ranges::lower_bound(values, said[i]) - values.begin());
  };
  const auto behind = [&](size_t i) {
    return static_cast<size_t>(std::ranges::upper_bound(values, said[i]) - values.begin());
  };
  std::vector<size_t> order(truth.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return truth[i]; });

  CountsBelow earlier(values.size());
  PairOrder result;
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && truth[order[end]] == truth[order[begin]]) ++end;
    for (size_t k = begin; k < end; ++k) {
      const int64_t less = earlier.below(place(order[k])), equal = earlier.below(behind(order[k])) - less;
      result.right += static_cast<double>(less) + static_cast<double>(equal) / 2;
      result.pairs += static_cast<double>(begin);
    }
    for (size_t k = begin; k < end; ++k) earlier.add(place(order[k]));
  }
  return result;
}

}  // namespace thaw
