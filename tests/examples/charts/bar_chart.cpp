// SPDX-License-Identifier: Apache-2.0
// Bars: as long as their values, with the spread across their ends; what is not finite has none.
#include "examples/charts/bar_chart.h"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

using namespace thaw;

namespace {

int64_t count(const std::string& text, const std::string& part) {
  int64_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

BarChart two_rows(double second) {
  return {"plans <a & b>", {"head", "lora"}, {{"accuracy", {{1, 1, 1, "1.00"}, {second, 0.25, 0.75, "half"}}}}};
}

}  // namespace

TEST_CASE("bar chart: a bar for each row, the spread, and text as it is") {
  const std::string svg = bar_chart_svg(two_rows(0.5));
  CHECK(svg.starts_with("<svg"));
  CHECK(svg.find("plans &lt;a &amp; b&gt;") != std::string::npos);
  for (const char* text : {"head", "lora", "accuracy", "1.00", "half"}) CHECK(svg.find(text) != std::string::npos);
  const int64_t bars = count(svg, "<rect"), lines = count(svg, "<line");
  // Without a number there is neither bar nor spread, but its text stays.
  const std::string without = bar_chart_svg(two_rows(std::numeric_limits<double>::quiet_NaN()));
  CHECK(count(without, "<rect") == bars - 1);
  CHECK(count(without, "<line") < lines);
  CHECK(without.find("half") != std::string::npos);
  CHECK(without.find("nan") == std::string::npos);
}

TEST_CASE("bar chart: rows and bars must fit each other") {
  CHECK_THROWS_AS(bar_chart_svg({"t", {}, {{"m", {}}}}), std::invalid_argument);
  CHECK_THROWS_AS(bar_chart_svg({"t", {"a"}, {}}), std::invalid_argument);
  CHECK_THROWS_AS(bar_chart_svg({"t", {"a", "b"}, {{"m", {{1, 1, 1, "1"}}}}}), std::invalid_argument);
}
