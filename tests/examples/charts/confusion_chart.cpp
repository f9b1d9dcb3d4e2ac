// SPDX-License-Identifier: Apache-2.0
// Counts, colours and names of a confusion matrix.
#include "examples/charts/confusion_chart.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "examples/charts/svg.h"
#include "tensor/quote.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

// The colour of the cell with that tooltip.
std::string colour_of(const std::string& svg, const std::string& tooltip) {
  const size_t at = svg.find("\"><title>" + tooltip + "<");
  return at == std::string::npos ? "none" : svg.substr(at - 7, 7);
}

}  // namespace

TEST_CASE("confusion chart: a cell has its count, its share of the row, and a colour by the share") {
  const std::string svg = confusion_svg({"no", "<yes>"}, {{90, 10}, {0, 7}}, "topics & more");
  CHECK(svg.find(">topics &amp; more</text>") != std::string::npos);
  CHECK(svg.find(">&lt;yes&gt;</text>") != std::string::npos);
  for (const char* text : {">90</text>", ">10</text>", ">7</text>", ">predicted</text>", ">true</text>"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(svg.find(">0</text>") == std::string::npos);
  const std::string all = colour_of(svg, "&lt;yes&gt; as &lt;yes&gt;: 7 (100.0 %)");
  CHECK(all != "none");
  CHECK(colour_of(svg, "no as no: 90 (90.0 %)") != all);
  CHECK(colour_of(svg, "no as &lt;yes&gt;: 10 (10.0 %)") != "none");
  CHECK(colour_of(confusion_svg({"a", "b"}, {{1000, 0}, {0, 0}}, ""), "a as a: 1000 (100.0 %)") == all);
}

TEST_CASE("confusion chart: many classes and long names stay a picture of some size") {
  const size_t classes = 300;
  std::vector<std::string> names(classes, std::string(200, 'x'));
  std::vector<std::vector<int64_t>> counts(classes, std::vector<int64_t>(classes));
  for (size_t i = 0; i < classes; ++i) counts[i][i] = 5;
  const std::string svg = confusion_svg(names, counts, "many");
  CHECK(svg.size() < 300000);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(confusion_svg({"one"}, {{0}}, "nothing").find("nan") == std::string::npos);
}

TEST_CASE("confusion chart: a name that shows nothing is escaped") {
  const std::string svg = confusion_svg({"\xE2\x80\x8B", "a b"}, {{1, 0}, {0, 1}}, "");
  CHECK(svg.find("\xE2\x80\x8B") == std::string::npos);
  CHECK(svg.find(">" + xml_escaped(quote("\xE2\x80\x8B")) + "</text>") != std::string::npos);
  CHECK(svg.find(">a b</text>") != std::string::npos);
}

TEST_CASE("confusion chart: what is no matrix is refused") {
  CHECK(error_of([] { confusion_svg({}, {}, ""); }) == "confusion matrix: 0 rows for 0 classes");
  CHECK(error_of([] { confusion_svg({"a"}, {}, ""); }) == "confusion matrix: 0 rows for 1 classes");
  CHECK(error_of([] { confusion_svg({"a", "b"}, {{1, 2}, {3}}, ""); }) == "confusion matrix: a row of 1 for 2 classes");
  CHECK(error_of([] { confusion_svg({"a"}, {{-1}}, ""); }) == "confusion matrix: a negative count");
}
