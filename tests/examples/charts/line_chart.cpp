// SPDX-License-Identifier: Apache-2.0
// Curves stand where their numbers are.
#include "examples/charts/line_chart.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

LineChart of(std::vector<ChartPoint> points) {
  return {.title = "a chart", .x_title = "step", .panels = {{"loss", {{"training", std::move(points)}}}}};
}

}  // namespace

TEST_CASE("line chart: panels, titles, legends and ticks") {
  LineChart chart = of({{0, 0.5}, {100, 1.5}});
  chart.panels.push_back({"rate", {{"rate", {{0, 1e-5}, {50, 5e-5}}}}});
  const std::string svg = line_chart_svg(chart);
  for (const char* text : {">a chart<", ">step<", ">loss<", ">training<", ">0.4<", ">1.6<", ">100<", ">5e-5<"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(count(svg, ">rate<") == 1);  // no legend that says what the title says
  CHECK(count(svg, "<polyline") == 2);
  CHECK(count(svg, "<circle") == 4);
  CHECK(count(svg, "NaN") + count(svg, "nan") + count(svg, "inf") == 0);
  // From the left end of the axis to the right one.
  CHECK(svg.find("<polyline points=\"72,") != std::string::npos);
  CHECK(svg.find(" 736,") != std::string::npos);
}

TEST_CASE("line chart: what is not finite leaves a gap") {
  const std::string svg =
      line_chart_svg(of({{1, 1}, {2, 2}, {3, std::nan("")}, {4, 1}, {5, INFINITY}, {6, 2}, {7, 3}}));
  CHECK(count(svg, "<polyline") == 2);
  CHECK(count(svg, "<circle") == 5);
  CHECK(count(svg, "nan") + count(svg, "inf") == 0);
  const std::string none = line_chart_svg(of({{1, std::nan("")}}));
  CHECK(none.find("no number yet") != std::string::npos);
  CHECK(line_chart_svg(of({})).find("no number yet") != std::string::npos);
  CHECK(error_of([] { line_chart_svg({}); }) == "line chart: there are no panels");
}

TEST_CASE("line chart: marks have names, logarithms have decades") {
  LineChart chart = of({{1e-6, 3}, {1e-3, 1}, {1, 9}});
  chart.log_x = true;
  chart.marks = {{1e-4, "here"}, {1e-5, "<there>"}};
  const std::string svg = line_chart_svg(chart);
  CHECK(svg.find(">here<") != std::string::npos);
  CHECK(svg.find(">&lt;there&gt;<") != std::string::npos);
  CHECK(svg.find(">1e-5<") != std::string::npos);
  chart.panels[0].log_y = true;
  chart.panels[0].series[0].points[1].y = 0;  // cannot be drawn
  CHECK(count(line_chart_svg(chart), "<circle") == 2);
}

TEST_CASE("line chart: steps are whole numbers") {
  LineChart chart = of({{1, 0.5}, {2, 0.25}});
  CHECK(line_chart_svg(chart).find(">1.5<") != std::string::npos);
  chart.whole_x = true;
  const std::string svg = line_chart_svg(chart);
  CHECK(svg.find(">1.5<") == std::string::npos);
  CHECK(svg.find(">2<") != std::string::npos);
}

TEST_CASE("line chart: very many points keep their peaks in few") {
  std::vector<ChartPoint> points;
  for (int i = 0; i < 200000; ++i) points.push_back({static_cast<double>(i), i == 77777 ? 50.0 : i % 7 * 0.1});
  const std::vector<ChartPoint> few = thinned(points, 600, false);
  CHECK(few.size() <= 1202);
  double most = 0;
  for (size_t i = 0; i < few.size(); ++i) {
    most = std::max(most, few[i].y);
    if (i > 0) CHECK(few[i].x > few[i - 1].x);
  }
  CHECK(most == 50);
  CHECK(line_chart_svg(of(points)).size() < 40000);
  CHECK(thinned({{1, 2}, {3, 4}}, 600, false).size() == 2);
}
