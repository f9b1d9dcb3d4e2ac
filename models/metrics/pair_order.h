// SPDX-License-Identifier: Apache-2.0
// Whether numbers are in the order that they should be in, told by pairs: what Kendall's tau counts.
#pragma once

#include <span>

namespace thaw {

struct PairOrder {
  double right = 0;  // pairs whose order is right; a tie is half of one
  double pairs = 0;  // whose truths differ

  PairOrder& operator+=(const PairOrder& other) {
    right += other.right;
    pairs += other.pairs;
    return *this;
  }
  double share() const { return pairs > 0 ? right / pairs : 0; }  // 0 of none
};

// Over all pairs of numbers whose truths differ, in O(N log N). said, truth: [N], none a NaN.
PairOrder pair_order(std::span<const double> said, std::span<const double> truth);

}  // namespace thaw
