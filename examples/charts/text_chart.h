// SPDX-License-Identifier: Apache-2.0
// A curve in a terminal's columns, in plain ASCII.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/charts/line_chart.h"

namespace thaw {

struct TextChartSize {
  int width = 72, height = 16;  // columns and rows of the curve itself, at least 8 and 3
};

// The points as "*", over ticks at round numbers; what is not finite is left out. marks: columns with "|" where there
// is no point. log_x: all x are positive. "" if there is nothing to draw.
std::string text_chart(const std::vector<ChartPoint>& points, const std::vector<double>& marks, bool log_x,
                       const TextChartSize& size = {});

}  // namespace thaw
