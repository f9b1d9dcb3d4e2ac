// SPDX-License-Identifier: Apache-2.0
// Draws bars.
#include "examples/charts/bar_chart.h"

#include <algorithm>
#include <cmath>

#include "examples/charts/svg.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double row_height = 24, bar_height = 14, panel_width = 190, bar_room = 110, margin = 16, head = 64;

double largest_of(const BarMeasure& measure) {
  double largest = 0;
  for (const BarMeasure::Bar& bar : measure.bars)
    if (std::isfinite(bar.value)) largest = std::max({largest, bar.value, bar.most});
  return largest;
}

void draw(Svg& svg, const BarMeasure& measure, double left, const std::string& colour) {
  svg.text(left, head - 14, measure.title, {.bold = true});
  const double largest = largest_of(measure), scale = largest > 0 ? bar_room / largest : 0;
  for (size_t i = 0; i < measure.bars.size(); ++i) {
    const BarMeasure::Bar& bar = measure.bars[i];
    const double top = head + static_cast<double>(i) * row_height, middle = top + bar_height / 2;
    double end = left;
    if (std::isfinite(bar.value)) {
      end = left + std::max(0.0, bar.value) * scale;
      svg.rectangle(left, top, std::max(1.0, end - left), bar_height, colour, bar.text);
      if (bar.least < bar.most) {
        svg.line(left + bar.least * scale, middle, left + bar.most * scale, middle, chart_colours::text, 1.5);
        end = std::max(end, left + bar.most * scale);
      }
    }
    svg.text(end + 5, middle + 4, bar.text, {.size = 11});
  }
}

}  // namespace

std::string bar_chart_svg(const BarChart& chart) {
  check(!chart.rows.empty() && !chart.measures.empty(), "bar chart: there is nothing to draw");
  for (const BarMeasure& measure : chart.measures)
    check(measure.bars.size() == chart.rows.size(), "bar chart: {} has {} bars for {} rows", measure.title,
          measure.bars.size(), chart.rows.size());
  double names = 0;
  for (const std::string& row : chart.rows) names = std::max(names, text_width(shortened(row, 40), 12));
  const double left = margin + names + 12;
  Svg svg(left + static_cast<double>(chart.measures.size()) * panel_width + margin,
          head + static_cast<double>(chart.rows.size()) * row_height + margin, chart.title);
  svg.text(margin, 24, chart.title, {.size = 15, .bold = true});
  for (size_t i = 0; i < chart.rows.size(); ++i)
    svg.text(left - 10, head + static_cast<double>(i) * row_height + bar_height / 2 + 4, shortened(chart.rows[i], 40),
             {.anchor = Anchor::end});
  for (size_t i = 0; i < chart.measures.size(); ++i)
    draw(svg, chart.measures[i], left + static_cast<double>(i) * panel_width,
         chart_colours::lines[i % chart_colours::lines.size()]);
  return svg.to_text();
}

}  // namespace thaw
