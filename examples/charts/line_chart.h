// SPDX-License-Identifier: Apache-2.0
// Curves as an SVG: panels one below the other over the same numbers, each with its own scale.
#pragma once

#include <string>
#include <vector>

namespace thaw {

struct ChartPoint {
  double x = 0, y = 0;
};

struct ChartSeries {
  std::string name;
  std::vector<ChartPoint> points;  // x rises; a y that is not finite leaves a gap
};

struct ChartPanel {
  std::string title;
  std::vector<ChartSeries> series;
  bool log_y = false;  // all y that are drawn must be positive
};

// A line across all panels at some x.
struct ChartMark {
  double x = 0;
  std::string name;
};

struct LineChart {
  std::string title, x_title;
  std::vector<ChartPanel> panels;
  bool log_x = false;    // all x must be positive
  bool whole_x = false;  // they count something: ticks at whole numbers alone
  std::vector<ChartMark> marks = {};
};

// A series that has the name of its panel, alone, has no legend. Series of few points have dots on them; of very many,
// those that can be told apart are drawn, with the largest and the smallest. Panels without a point that can be drawn
// say so. std::invalid_argument if there is no panel.
std::string line_chart_svg(const LineChart& chart);

// At most some 2 * columns of the points: of each of so many parts of the x axis, or of its logarithm, the smallest and
// the largest y.
std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, int columns, bool log_x);

}  // namespace thaw
