// SPDX-License-Identifier: Apache-2.0
// How far numbers that should be the same are apart, where one that is no number must not pass.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace thaw {

// NaN if one of them is.
inline double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

// Of the magnitudes; 0 of none, NaN if one of the values is.
inline double largest_magnitude(const std::vector<float>& values) {
  double most = 0;
  for (const float value : values) most = larger(most, std::abs(static_cast<double>(value)));
  return most;
}

// Between values in the same places; NaN if there is one, or if the two are not as many.
inline double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::quiet_NaN();
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i)
    most = larger(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return most;
}

}  // namespace thaw
