// SPDX-License-Identifier: Apache-2.0
// Cells, labels along both sides, and what the colours mean.
#include "examples/charts/confusion_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "examples/charts/svg.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr size_t name_length = 28;
constexpr double text_size = 12, gap = 8, title_height = 30, row_title_width = 30;

struct Colour {
  double red = 0, green = 0, blue = 0;
  std::string text() const { return fmt::format("#{:02x}{:02x}{:02x}", byte(red), byte(green), byte(blue)); }
  static int byte(double part) { return static_cast<int>(std::lround(part)); }
};

constexpr Colour none{0xf1, 0xf5, 0xf9}, all{0x1e, 0x40, 0xaf};

std::string colour_of(double share) {
  const auto between = [share](double a, double b) { return a + share * (b - a); };
  return Colour{between(none.red, all.red), between(none.green, all.green), between(none.blue, all.blue)}.text();
}

// Where dark and white text have the same contrast lies a little below the middle.
const char* text_colour_on(double share) { return share < 0.45 ? "#111827" : "#ffffff"; }

}  // namespace

std::string confusion_svg(const std::vector<std::string>& names, const std::vector<std::vector<int64_t>>& counts,
                          const std::string& title) {
  const size_t classes = names.size();
  check(classes > 0 && counts.size() == classes, "confusion matrix: {} rows for {} classes", counts.size(), classes);
  for (const auto& row : counts) {
    check(row.size() == classes, "confusion matrix: a row of {} for {} classes", row.size(), classes);
    check(std::ranges::all_of(row, [](int64_t count) { return count >= 0; }), "confusion matrix: a negative count");
  }
  const double cell = std::clamp(640.0 / static_cast<double>(classes), 9.0, 56.0);
  const double label_size = std::min(text_size, cell * 0.9);
  std::vector<std::string> labels;
  for (const std::string& name : names) labels.push_back(quote_if_odd(shortened(name, name_length)));
  double longest = 0;
  for (const std::string& label : labels) longest = std::max(longest, text_width(label, label_size));
  const double side = cell * static_cast<double>(classes);
  const bool upright = cell < 20;  // labels at 45 degrees would touch each other
  const double slope = upright ? longest : longest * 0.71 + label_size;
  const double left = row_title_width + longest + gap, top = title_height + 18 + slope + gap;
  const double width = std::max({left + side + slope + gap, left + 330, gap * 2 + text_width(title, 15) * 1.1}),
               height = top + side + 46;

  Svg svg(width, height, title);
  svg.text(gap, 20, title, {.size = 15, .bold = true});
  svg.text(left + side / 2, title_height + 12, "predicted", {.size = text_size, .anchor = Anchor::middle});
  svg.text(16, top + side / 2, "true", {.size = text_size, .anchor = Anchor::middle, .turn = -90});
  svg.rectangle(left, top, side, side, colour_of(0));
  for (size_t i = 0; i < classes; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * cell;
    svg.text(left - gap, top + middle + label_size / 3, labels[i], {.size = label_size, .anchor = Anchor::end});
    svg.text(left + middle + label_size / 3, top - gap, labels[i],
             {.size = label_size, .turn = upright ? -90.0 : -45.0});
  }
  for (size_t t = 0; t < classes; ++t) {
    const double total = std::accumulate(counts[t].begin(), counts[t].end(), 0.0);
    for (size_t p = 0; p < classes; ++p) {
      const int64_t count = counts[t][p];
      if (count == 0) continue;
      const double share = static_cast<double>(count) / total;
      const double x = left + static_cast<double>(p) * cell, y = top + static_cast<double>(t) * cell;
      svg.rectangle(
          x, y, cell, cell, colour_of(share),
          fmt::format("{} as {}: {} ({:.1f} %)", quote_if_odd(names[t]), quote_if_odd(names[p]), count, share * 100));
      const std::string text = fmt::format("{}", count);
      const double size = std::min(text_size, cell * 0.6);
      if (size < 7 || text_width(text, size) > cell - 2) continue;
      svg.text(x + cell / 2, y + cell / 2 + size / 3, text,
               {.size = size, .anchor = Anchor::middle, .colour = text_colour_on(share)});
    }
  }
  for (size_t i = 1; i < classes && cell > 20; ++i) {
    const double at = static_cast<double>(i) * cell;
    svg.line(left + at, top, left + at, top + side, "#ffffff", 1, 0.6);
    svg.line(left, top + at, left + side, top + at, "#ffffff", 1, 0.6);
  }
  const double legend = top + side + 18;
  svg.text(left, legend + 10, "share of the row: 0 %", {.size = text_size});
  const double begin = left + text_width("share of the row: 0 %", text_size) + gap;
  for (int i = 0; i <= 10; ++i) svg.rectangle(begin + i * 10.0, legend, 10, 12, colour_of(i / 10.0));
  svg.text(begin + 110 + gap, legend + 10, "100 %", {.size = text_size});
  return svg.to_text();
}

}  // namespace thaw
