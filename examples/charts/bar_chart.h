// SPDX-License-Identifier: Apache-2.0
// Rows of things that are compared, with bars for several measures side by side, as an SVG.
#pragma once

#include <string>
#include <vector>

namespace thaw {

struct BarMeasure {
  std::string title;
  struct Bar {
    double value = 0;            // what is not finite has no bar
    double least = 0, most = 0;  // a line across the bar's end; the value twice: none
    std::string text;            // behind the bar
  };
  std::vector<Bar> bars;  // one a row
};

struct BarChart {
  std::string title;
  std::vector<std::string> rows;
  std::vector<BarMeasure> measures;
};

// Bars begin at 0. std::invalid_argument if there is no row or measure, or a measure has not a bar for each row.
std::string bar_chart_svg(const BarChart& chart);

}  // namespace thaw
