// SPDX-License-Identifier: Apache-2.0
// Elements of SVG as text.
#include "examples/charts/svg.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

#include "tensor/utf8.h"

namespace thaw {

const std::vector<std::string> chart_colours::lines{"#3b82f6", "#d97706", "#16a34a", "#db2777",
                                                    "#8b5cf6", "#0891b2", "#ef4444", "#78716c"};

namespace {

// Two digits are a hundredth of a pixel.
std::string number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

const char* name_of(Anchor anchor) {
  if (anchor == Anchor::start) return "start";
  return anchor == Anchor::middle ? "middle" : "end";
}

// Code points of a text that need not be valid; a byte that is not UTF-8 is one.
template <typename F>
void for_each_character(std::string_view text, F f) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = utf8_length(text, at);
    f(length == 0 ? std::string_view() : text.substr(at, length));
    at += length == 0 ? 1 : length;
  }
}

// Characters that XML 1.0 cannot hold at all, or that end a line.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  const auto second = static_cast<unsigned char>(character.size() > 1 ? character[1] : 0);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && second < 0xA0) || character == "\xEF\xBF\xBE" ||
         character == "\xEF\xBF\xBF";
}

// Chinese, Japanese, Korean and pictures take about twice the place.
bool is_wide(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.empty() ? 0 : character[0]);
  return first >= 0xE3 && first != 0xEF;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string out;
  for_each_character(text, [&](std::string_view character) {
    if (character.empty() || is_control(character)) {
      out += "\xEF\xBF\xBD";
    } else if (character == "&") {
      out += "&amp;";
    } else if (character == "<") {
      out += "&lt;";
    } else if (character == ">") {
      out += "&gt;";
    } else if (character == "\"") {
      out += "&quot;";
    } else {
      out += character;
    }
  });
  return out;
}

std::string shortened(std::string_view text, size_t characters) {
  size_t count = 0, kept = 0;
  for_each_character(text, [&](std::string_view character) {
    ++count;
    if (count + 3 <= characters) kept += character.empty() ? 1 : character.size();
  });
  return count <= characters ? std::string(text) : std::string(text.substr(0, kept)) + "...";
}

double text_width(std::string_view text, double size) {
  double width = 0;
  for_each_character(text, [&](std::string_view character) {
    const char first = character.empty() ? ' ' : character[0];
    const bool is_capital = first >= 'A' && first <= 'Z';
    const bool is_broad = is_wide(character) || std::string_view("MWmw%@").find(first) != std::string_view::npos;
    width += is_broad ? 1.0 : is_capital ? 0.74 : 0.6;
  });
  return width * size;
}

Svg::Svg(double width, double height, std::string_view title) {
  text_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
      "font-family=\"sans-serif\">\n<title>{2}</title>\n<style>rect {{ shape-rendering: crispEdges }}</style>\n",
      number(width), number(height), xml_escaped(title));
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view colour, double width, double opacity) {
  text_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"", number(x1),
                       number(y1), number(x2), number(y2), colour, number(width));
  text_ += opacity < 1 ? fmt::format(" stroke-opacity=\"{}\"/>\n", number(opacity)) : "/>\n";
}

void Svg::polyline(const std::vector<std::pair<double, double>>& points, std::string_view colour) {
  text_ += "<polyline points=\"";
  for (size_t i = 0; i < points.size(); ++i)
    text_ += fmt::format("{}{},{}", i == 0 ? "" : " ", number(points[i].first), number(points[i].second));
  text_ += fmt::format("\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>\n", colour);
}

void Svg::dot(double x, double y, double radius, std::string_view colour) {
  text_ +=
      fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n", number(x), number(y), number(radius), colour);
}

void Svg::rectangle(double x, double y, double width, double height, std::string_view colour,
                    std::string_view tooltip) {
  text_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"", number(x), number(y),
                       number(width), number(height), colour);
  text_ += tooltip.empty() ? "/>\n" : fmt::format("><title>{}</title></rect>\n", xml_escaped(tooltip));
}

void Svg::text(double x, double y, std::string_view text, const SvgText& style) {
  text_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" text-anchor=\"{}\"", number(x), number(y),
                       number(style.size), style.colour, name_of(style.anchor));
  if (style.bold) text_ += " font-weight=\"bold\"";
  if (style.turn != 0)
    text_ += fmt::format(" transform=\"rotate({} {} {})\"", number(style.turn), number(x), number(y));
  text_ += fmt::format(">{}</text>\n", xml_escaped(text));
}

}  // namespace thaw
