// SPDX-License-Identifier: Apache-2.0
// Rows of characters.
#include "examples/charts/text_chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "examples/charts/axis.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void trim_end(std::string& row) { row.erase(row.find_last_not_of(' ') + 1); }

}  // namespace

std::string text_chart(const std::vector<ChartPoint>& points, const std::vector<double>& marks, bool log_x,
                       const TextChartSize& size) {
  check(size.width >= 8 && size.height >= 3, "text chart: {} columns, {} rows", size.width, size.height);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double left = infinity, right = -infinity, low = infinity, high = -infinity;
  for (const ChartPoint& p : points) {
    if (!std::isfinite(p.y)) continue;
    left = std::min(left, p.x);
    right = std::max(right, p.x);
    low = std::min(low, p.y);
    high = std::max(high, p.y);
  }
  if (left > right) return "";
  const Axis x = log_x ? log_axis(left, right, std::max(2, size.width / 9))
                       : linear_axis(left, right, std::max(2, size.width / 12), false);
  const Axis y = linear_axis(low, high, std::max(2, size.height / 4), true);
  const auto place = [](double share, int places) {
    return static_cast<size_t>(std::clamp<double>(std::round(share * (places - 1)), 0, places - 1));
  };
  const auto column_of = [&](double value) { return place(x.share(value), size.width); };
  const auto row_of = [&](double value) {
    return static_cast<size_t>(size.height - 1) - place(y.share(value), size.height);
  };

  std::vector<std::string> rows(static_cast<size_t>(size.height), std::string(static_cast<size_t>(size.width), ' '));
  for (const double mark : marks)
    for (std::string& row : rows) row[column_of(mark)] = '|';
  for (const ChartPoint& p : points)
    if (std::isfinite(p.y)) rows[row_of(p.y)][column_of(p.x)] = '*';

  std::vector<std::string> labels(rows.size());
  size_t margin = 0;
  for (size_t i = 0; i < y.ticks.size(); ++i) {
    labels[row_of(y.ticks[i])] = y.labels[i];
    margin = std::max(margin, y.labels[i].size());
  }
  std::string text;
  for (size_t i = 0; i < rows.size(); ++i) {
    trim_end(rows[i]);
    text += fmt::format("{:>{}} {}{}\n", labels[i], margin, labels[i].empty() ? '|' : '+', rows[i]);
  }
  std::string line(static_cast<size_t>(size.width), '-'), below(static_cast<size_t>(size.width) + 8, ' ');
  size_t free = 0;
  for (size_t i = 0; i < x.ticks.size(); ++i) {
    const size_t column = column_of(x.ticks[i]);
    line[column] = '+';
    const size_t half = x.labels[i].size() / 2, begin = column > half ? column - half : 0;
    if (begin < free || begin + x.labels[i].size() > below.size()) continue;
    below.replace(begin, x.labels[i].size(), x.labels[i]);
    free = begin + x.labels[i].size() + 1;
  }
  trim_end(below);
  const std::string indent(margin, ' ');
  return text + indent + " +" + line + "\n" + indent + "  " + below + "\n";
}

}  // namespace thaw
