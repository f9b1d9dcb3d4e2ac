// SPDX-License-Identifier: Apache-2.0
// Two counts in one number, for examples whose loss is the sum of two means: of their masked words, and of their pairs.
// What a step counts (Examples::terms) is one number, sums of which are exact; from it each part of the step takes what
// each of its losses is divided by, so that parts add up to the sum of both means.
#pragma once

#include <cmath>
#include <cstdint>

namespace thaw {

struct TwoCounts {
  int64_t first = 0, second = 0;  // each less than 2^26 in a step

  // The first, plus a fraction that the second is: 52 bits, which a double holds.
  double in_one() const { return static_cast<double>(first) + static_cast<double>(second) * 0x1p-26; }
  static TwoCounts of(double in_one) {
    const double first = std::floor(in_one);
    return {static_cast<int64_t>(first), std::llround((in_one - first) * 0x1p26)};
  }
};

}  // namespace thaw
