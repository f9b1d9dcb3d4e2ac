// SPDX-License-Identifier: Apache-2.0
// A curve of characters.
#include "examples/charts/text_chart.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/error_of.h"

using namespace thaw;

TEST_CASE("text chart: points over ticks at round numbers") {
  CHECK(text_chart({{0, 0}, {5, 1}, {10, 2}}, {}, false, {.width = 11, .height = 5}) ==
        "2 +          *\n"
        "  |\n"
        "1 +     *\n"
        "  |\n"
        "0 +*\n"
        "  ++----+----+\n"
        "   0    5   10\n");
}

TEST_CASE("text chart: marks, logarithms, and what is not finite") {
  const std::string chart =
      text_chart({{1e-4, 1}, {1e-3, std::nan("")}, {1e-2, 2}}, {1e-3}, true, {.width = 9, .height = 3});
  CHECK(chart ==
        "2.0 +    |   *\n"
        "1.5 +    |\n"
        "1.0 +*   |\n"
        "    ++-------+\n"
        "     1e-4  0.01\n");
  CHECK(text_chart({}, {}, false).empty());
  CHECK(text_chart({{1, std::nan("")}}, {}, false).empty());
  CHECK(error_of([] { text_chart({}, {}, false, {.width = 2, .height = 9}); }) == "text chart: 2 columns, 9 rows");
}
