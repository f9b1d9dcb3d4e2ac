// SPDX-License-Identifier: Apache-2.0
// A number that is none passes no comparison, wherever it stands.
#include "models/tasks/largest_difference.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace thaw;

TEST_CASE("largest differences: of numbers, and of what is none") {
  const std::vector<float> a = {1, -4, 2}, b = {1.5F, -2, 2};
  CHECK(largest_magnitude(a) == 4);
  CHECK(largest_difference(a, b) == 2);
  CHECK(largest_magnitude({}) == 0);
  for (size_t i = 0; i < a.size(); ++i) {
    std::vector<float> spoilt = b;
    spoilt[i] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(largest_magnitude(spoilt)));
    CHECK(std::isnan(largest_difference(a, spoilt)));
    CHECK(std::isnan(largest_difference(spoilt, a)));
  }
  CHECK(std::isnan(largest_difference(a, {1, -4})));
}
