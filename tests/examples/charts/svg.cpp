// SPDX-License-Identifier: Apache-2.0
// What may stand in a picture, and whether it can be read on any page.
#include "examples/charts/svg.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

using namespace thaw;

namespace {

// Relative luminance of "#rrggbb", and the contrast of two (WCAG 2.1).
double luminance(const std::string& colour) {
  const auto part = [&](size_t at) {
    const double c = std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

TEST_CASE("svg: colours can be read on white and on dark pages") {
  for (const char* page : {"#ffffff", "#0d1117"}) {
    CHECK(contrast(chart_colours::text, page) >= 4);
    for (const std::string& colour : chart_colours::lines) CHECK_MESSAGE(contrast(colour, page) >= 3, colour);
  }
}

TEST_CASE("svg: texts are escaped") {
  CHECK(xml_escaped("a <b> & \"c\"") == "a &lt;b&gt; &amp; &quot;c&quot;");
  CHECK(xml_escaped("\xC3\xA9\xE6\x97\xA5") == "\xC3\xA9\xE6\x97\xA5");
  const std::string odd = "\xEF\xBF\xBD";
  CHECK(xml_escaped(std::string("a\0\x1B\n", 4)) == "a" + odd + odd + odd);
  CHECK(xml_escaped("\xFF\xC3") == odd + odd);
  CHECK(xml_escaped("\xEF\xBF\xBF") == odd);
  Svg svg(10, 10, "<t>");
  svg.text(1, 2, "</text><script>");
  svg.rectangle(0, 0, 1, 1, "#ffffff", "a&b");
  const std::string text = svg.to_text();
  CHECK(text.find("<title>&lt;t&gt;</title>") != std::string::npos);
  CHECK(text.find(">&lt;/text&gt;&lt;script&gt;</text>") != std::string::npos);
  CHECK(text.find("<title>a&amp;b</title></rect>") != std::string::npos);
  CHECK(text.find("<script") == std::string::npos);
}

TEST_CASE("svg: long texts are shortened by characters, and their width is known about") {
  CHECK(shortened("abcdefgh", 8) == "abcdefgh");
  CHECK(shortened("abcdefghi", 8) == "abcde...");
  CHECK(shortened("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 4) == "\xC3\xA9...");
  CHECK(shortened("\xFF\xFF\xFF\xFF\xFF", 4) == "\xFF...");
  CHECK(text_width("\xE6\x97\xA5", 10) > text_width("a", 10));
  CHECK(text_width("W", 10) > 9.8);  // as wide as in the widest of usual fonts, DejaVu Sans
  CHECK(text_width("A", 10) > 6.8);
}
