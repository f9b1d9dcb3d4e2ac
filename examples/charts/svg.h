// SPDX-License-Identifier: Apache-2.0
// A picture as SVG 1.1, without styles, scripts or fonts of its own: any viewer draws it alike. Lengths are pixels, y
// goes down.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace thaw {

// Each can be read on a white page and on a dark one (a contrast of at least 3, of texts 4, to #ffffff and #0d1117).
namespace chart_colours {
constexpr const char* text = "#7a7a7a";
constexpr const char* grid = "#8a8a8a";
extern const std::vector<std::string> lines;  // of a chart, in turn
}  // namespace chart_colours

enum class Anchor { start, middle, end };

struct SvgText {
  double size = 12;
  Anchor anchor = Anchor::start;
  const char* colour = chart_colours::text;
  bool bold = false;
  double turn = 0;  // degrees, clockwise, about the text's point
};

class Svg {
 public:
  // title: what a viewer and a screen reader call it.
  Svg(double width, double height, std::string_view title);

  void line(double x1, double y1, double x2, double y2, std::string_view colour, double width = 1, double opacity = 1);
  // Points that are joined, in order.
  void polyline(const std::vector<std::pair<double, double>>& points, std::string_view colour);
  void dot(double x, double y, double radius, std::string_view colour);
  // tooltip: shown when a pointer rests on it; none if empty.
  void rectangle(double x, double y, double width, double height, std::string_view colour,
                 std::string_view tooltip = "");
  // (x, y): where the base line begins, has its middle or ends.
  void text(double x, double y, std::string_view text, const SvgText& style = {});

  // The whole file.
  std::string to_text() const { return text_ + "</svg>\n"; }

 private:
  std::string text_;
};

// For XML: & < > " as entities; control characters and bytes that are not UTF-8 as U+FFFD.
std::string xml_escaped(std::string_view text);

// Shortened to so many characters, "..." at its end.
std::string shortened(std::string_view text, size_t characters);

// About how wide a text of that size will be: fonts differ.
double text_width(std::string_view text, double size);

}  // namespace thaw
