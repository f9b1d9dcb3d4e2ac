// SPDX-License-Identifier: Apache-2.0
// Pictures as rectangles of one colour along each line of pixels.
#include "examples/charts/picture_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "examples/charts/svg.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double gap = 16, line_height = 17, title_height = 34, longest_side = 144;
constexpr size_t columns = 2;
constexpr double fading = 0.85;  // of what does not matter

void check_picture(const SheetPicture& p) {
  check(p.height > 0 && p.width > 0 && std::ssize(p.rgb) == p.height * p.width * 3,
        "picture sheet: {} numbers are no picture of {} x {}", p.rgb.size(), p.height, p.width);
  check(p.rows > 0 && p.columns > 0 && std::ssize(p.shares) == p.rows * p.columns,
        "picture sheet: {} shares for {} x {} parts", p.shares.size(), p.rows, p.columns);
  check(p.height % p.rows == 0 && p.width % p.columns == 0,
        "picture sheet: {} x {} parts of one size are no picture of {} x {}", p.rows, p.columns, p.height, p.width);
}

// How much the part with this pixel matters.
double share_at(const SheetPicture& p, int64_t y, int64_t x) {
  const int64_t part_height = p.height / p.rows, part_width = p.width / p.columns;
  return std::clamp(p.shares[static_cast<size_t>(y / part_height * p.columns + x / part_width)], 0.0, 1.0);
}

// A pixel, or what is left of it: the less it matters, the nearer it is to white.
std::string colour_at(const SheetPicture& p, int64_t y, int64_t x, bool fades) {
  const double white = fades ? fading * (1 - share_at(p, y, x)) : 0;
  const auto channel = [&](int64_t c) {
    const double own = p.rgb[static_cast<size_t>((y * p.width + x) * 3 + c)];
    return static_cast<int>(std::lround(own + white * (255 - own)));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", channel(0), channel(1), channel(2));
}

void draw(Svg& svg, const SheetPicture& p, double left, double top, double scale, bool fades) {
  for (int64_t y = 0; y < p.height; ++y)
    for (int64_t x = 0; x < p.width;) {
      const int64_t first = x;
      const std::string colour = colour_at(p, y, x, fades);
      while (++x < p.width && colour_at(p, y, x, fades) == colour) {
      }
      svg.rectangle(left + static_cast<double>(first) * scale, top + static_cast<double>(y) * scale,
                    static_cast<double>(x - first) * scale, scale, colour);
    }
}

}  // namespace

std::string picture_sheet_svg(const std::vector<SheetPicture>& pictures, const std::string& title) {
  size_t lines = 0;
  for (const SheetPicture& picture : pictures) {
    check_picture(picture);
    lines = std::max(lines, picture.lines.size());
  }
  const double cell_width = 2 * longest_side + 2 * gap;
  const double cell_height = longest_side + gap + line_height * static_cast<double>(lines + 1);
  const size_t rows = (pictures.size() + columns - 1) / columns;
  Svg svg(gap + static_cast<double>(columns) * cell_width, title_height + static_cast<double>(rows) * cell_height,
          title);
  svg.text(gap, 20, title, {.size = 15, .bold = true});
  for (size_t i = 0; i < pictures.size(); ++i) {
    const SheetPicture& picture = pictures[i];
    const double left = gap + static_cast<double>(i % columns) * cell_width;
    const double top = title_height + static_cast<double>(i / columns) * cell_height;
    const double scale = longest_side / static_cast<double>(std::max(picture.height, picture.width));
    draw(svg, picture, left, top, scale, false);
    draw(svg, picture, left + longest_side + gap / 2, top, scale, true);
    for (size_t line = 0; line < picture.lines.size(); ++line)
      svg.text(left, top + longest_side + line_height * static_cast<double>(line + 1), picture.lines[line]);
  }
  return svg.to_text();
}

}  // namespace thaw
