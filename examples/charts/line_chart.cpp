// SPDX-License-Identifier: Apache-2.0
// Lays out panels, axes, legends and lines.
#include "examples/charts/line_chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "examples/charts/axis.h"
#include "examples/charts/svg.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double width = 760, left = 72, right = 24, plot_height = 170, row_height = 20, text_size = 12;
constexpr double most_drawn = 1e290;
constexpr int columns = 600;
constexpr size_t few_points = 40, name_length = 40, title_length = 80;

bool is_drawn(const ChartPoint& p, bool log_y) {
  return std::isfinite(p.y) && std::abs(p.y) < most_drawn && (!log_y || p.y > 1 / most_drawn);
}

struct Range {
  double least = std::numeric_limits<double>::infinity(), most = -least;
  void take(double number) {
    least = std::min(least, number);
    most = std::max(most, number);
  }
  bool empty() const { return least > most; }
};

// Where the names of a panel's series stand: rows of entries, each with its place from the left.
struct LegendEntry {
  double x = 0;
  int row = 0;
};

std::vector<LegendEntry> legend_of(const ChartPanel& panel) {
  std::vector<LegendEntry> entries;
  if (panel.series.size() == 1 && panel.series[0].name == panel.title) return entries;
  double x = left;
  int row = 0;
  for (const ChartSeries& series : panel.series) {
    const double entry = 28 + text_width(shortened(series.name, name_length), text_size) + 16;
    if (x > left && x + entry > width - right) {
      x = left;
      ++row;
    }
    entries.push_back({x, row});
    x += entry;
  }
  return entries;
}

class Drawing {
 public:
  explicit Drawing(const LineChart& chart) : chart_(chart), svg_(width, height_of(chart), chart.title) {}

  std::string operator()() {
    x_axis_ = x_axis();
    double y = 12;
    if (!chart_.title.empty()) {
      y += row_height;
      svg_.text(width / 2, y - 6, shortened(chart_.title, title_length),
                {.size = 15, .anchor = Anchor::middle, .bold = true});
    }
    if (!chart_.marks.empty()) y += row_height;
    const double first_top = y;
    for (size_t i = 0; i < chart_.panels.size(); ++i) y = panel(chart_.panels[i], y, i + 1 == chart_.panels.size());
    svg_.text((left + width - right) / 2, y + 11, chart_.x_title, {.size = text_size, .anchor = Anchor::middle});
    marks(first_top);
    return svg_.to_text();
  }

 private:
  static double head_height(const ChartPanel& panel) {
    const std::vector<LegendEntry> legend = legend_of(panel);
    return row_height * (legend.empty() ? 1 : legend.back().row + 2);
  }

  static double height_of(const LineChart& chart) {
    check(!chart.panels.empty(), "line chart: there are no panels");
    double height = 12 + (chart.title.empty() ? 0 : row_height) + (chart.marks.empty() ? 0 : row_height);
    for (const ChartPanel& panel : chart.panels) height += head_height(panel) + plot_height + 22;
    return height + 24;
  }

  Axis x_axis() const {
    Range range;
    for (const ChartPanel& panel : chart_.panels)
      for (const ChartSeries& series : panel.series)
        for (const ChartPoint& p : series.points) range.take(p.x);
    for (const ChartMark& mark : chart_.marks) range.take(mark.x);
    if (range.empty()) return linear_axis(0, 1, 10, false);
    if (chart_.log_x) return log_axis(range.least, range.most, 10);
    return linear_axis(range.least, range.most, 10, false, chart_.whole_x ? 1 : 0);
  }

  double x_of(double x) const { return left + x_axis_.share(x) * (width - left - right); }

  // Draws a panel below y; returns where the next one begins.
  double panel(const ChartPanel& panel, double y, bool is_last) {
    svg_.text(left, y + 14, panel.title, {.size = 13, .bold = true});
    const std::vector<LegendEntry> legend = legend_of(panel);
    for (size_t i = 0; i < legend.size(); ++i) {
      const double middle = y + row_height * (legend[i].row + 1) + 8;
      svg_.line(legend[i].x, middle, legend[i].x + 20, middle, colour(i), 3);
      svg_.text(legend[i].x + 26, middle + 4, shortened(panel.series[i].name, name_length), {.size = text_size});
    }
    const double top = y + head_height(panel), bottom = top + plot_height;
    bottom_ = bottom;
    Range range;
    for (const ChartSeries& series : panel.series)
      for (const ChartPoint& p : series.points)
        if (is_drawn(p, panel.log_y)) range.take(p.y);
    const Axis axis = range.empty() ? Axis{}
                      : panel.log_y ? log_axis(range.least, range.most, 6)
                                    : linear_axis(range.least, range.most, 5, true);
    const auto y_of = [&](double value) { return bottom - axis.share(value) * plot_height; };
    for (size_t i = 0; i < axis.ticks.size(); ++i) {
      svg_.line(left, y_of(axis.ticks[i]), width - right, y_of(axis.ticks[i]), chart_colours::grid, 1, 0.35);
      svg_.text(left - 8, y_of(axis.ticks[i]) + 4, axis.labels[i], {.size = text_size, .anchor = Anchor::end});
    }
    for (size_t i = 0; i < x_axis_.ticks.size(); ++i) {
      const double x = x_of(x_axis_.ticks[i]);
      svg_.line(x, top, x, bottom, chart_colours::grid, 1, 0.2);
      if (is_last) svg_.text(x, bottom + 16, x_axis_.labels[i], {.size = text_size, .anchor = Anchor::middle});
    }
    svg_.line(left, bottom, width - right, bottom, chart_colours::grid);
    if (range.empty())
      svg_.text((left + width - right) / 2, (top + bottom) / 2, "no number yet",
                {.size = text_size, .anchor = Anchor::middle});
    for (size_t i = 0; i < panel.series.size(); ++i) curve(panel.series[i], panel.log_y, y_of, colour(i));
    return bottom + 22;
  }

  template <typename YOf>
  void curve(const ChartSeries& series, bool log_y, const YOf& y_of, const std::string& colour) {
    std::vector<std::pair<double, double>> part;
    const auto finish = [&] {
      if (part.size() > 1) svg_.polyline(part, colour);
      if (part.size() == 1 && series.points.size() > few_points) svg_.dot(part[0].first, part[0].second, 1.5, colour);
      part.clear();
    };
    for (const ChartPoint& p : thinned(series.points, columns, chart_.log_x)) {
      if (!is_drawn(p, log_y)) {
        finish();
        continue;
      }
      part.emplace_back(x_of(p.x), y_of(p.y));
      if (series.points.size() <= few_points) svg_.dot(part.back().first, part.back().second, 3, colour);
    }
    finish();
  }

  void marks(double top) {
    double free_from = 0;  // names that would lie on each other go to the other side of their lines
    std::vector<ChartMark> marks = chart_.marks;
    std::ranges::stable_sort(marks, {}, &ChartMark::x);
    for (const ChartMark& mark : marks) {
      const double x = x_of(mark.x);
      svg_.line(x, top - 2, x, bottom_, chart_colours::text, 1.2);
      const double length = text_width(mark.name, text_size);
      const bool fits_left = x - 4 - length >= free_from && x - 4 - length >= 0;
      const bool to_left = fits_left && (x + 4 + length > width || &mark != &marks.back());
      svg_.text(x + (to_left ? -4 : 4), top - 6, mark.name,
                {.size = text_size, .anchor = to_left ? Anchor::end : Anchor::start});
      free_from = to_left ? x : x + 4 + length;
    }
  }

  static const std::string& colour(size_t i) { return chart_colours::lines[i % chart_colours::lines.size()]; }

  const LineChart& chart_;
  Svg svg_;
  Axis x_axis_;
  double bottom_ = 0;
};

}  // namespace

std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, int columns, bool log_x) {
  if (points.size() <= static_cast<size_t>(columns) * 2) return points;
  const auto place = [&](double x) { return log_x ? std::log(x) : x; };
  const double first = place(points.front().x), span = std::max(place(points.back().x) - first, 1e-300);
  const auto column_of = [&](const ChartPoint& p) {
    return static_cast<int64_t>((place(p.x) - first) / span * static_cast<double>(columns));
  };
  std::vector<ChartPoint> kept;
  for (size_t begin = 0, end = 0; begin < points.size(); begin = end) {
    size_t least = begin, most = begin;
    const bool finite = std::isfinite(points[begin].y);
    for (end = begin; end < points.size() && column_of(points[end]) == column_of(points[begin]) &&
                      std::isfinite(points[end].y) == finite;
         ++end) {
      if (points[end].y < points[least].y) least = end;
      if (points[end].y > points[most].y) most = end;
    }
    kept.push_back(points[std::min(least, most)]);
    if (least != most) kept.push_back(points[std::max(least, most)]);
  }
  return kept;
}

std::string line_chart_svg(const LineChart& chart) { return Drawing(chart)(); }

}  // namespace thaw
