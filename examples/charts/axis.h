// SPDX-License-Identifier: Apache-2.0
// The scale of a chart's axis, with ticks at round numbers.
#pragma once

#include <string>
#include <vector>

namespace thaw {

struct Axis {
  double least = 0, most = 1;  // what it spans; least < most
  bool logarithmic = false;
  std::vector<double> ticks;        // within what it spans, rising
  std::vector<std::string> labels;  // of the ticks

  // Where a number lies between the ends: 0 at the least, 1 at the most.
  double share(double number) const;
};

// For numbers from least to most, which may be equal: ticks at multiples of 1, 2 or 5 times a power of ten, at most
// most_ticks + 1 of them, no nearer than least_step. rounded: the ends become ticks, too. std::invalid_argument if they
// are not finite, too far apart, or least is above most.
Axis linear_axis(double least, double most, int most_ticks, bool rounded, double least_step = 0);

// The same for positive numbers on a logarithmic scale: ticks at powers of ten, every so many if there are more than
// most_ticks; at 1, 2 and 5 times such a power if there are fewer than three.
Axis log_axis(double least, double most, int most_ticks);

// A number as a label: a few digits, "1e-5" for what is far from 1.
std::string number_label(double number);

}  // namespace thaw
