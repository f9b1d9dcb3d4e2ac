// SPDX-License-Identifier: Apache-2.0
// Lists of rows: sorted, merged, found again; taken from tensors and put back.
#include "tensor/row_ranges.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/error_of.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

RowRanges of(const std::vector<int64_t>& rows) { return RowRanges::of(rows); }

std::string parse_error(const std::string& text) {
  return error_of([&] { RowRanges::parse(text); });
}

}  // namespace

TEST_CASE("row ranges: numbers and ranges in any order are sorted and merged") {
  CHECK(of({98, 7, 97, 99}).ranges() == std::vector<RowRanges::Range>{{7, 8}, {97, 100}});
  CHECK(of({3, 3, 2}) == RowRanges(2, 4));
  CHECK(RowRanges({{8, 10}, {0, 3}, {9, 12}, {3, 5}, {6, 6}}).to_text() == "0:5,8:12");
  CHECK(RowRanges({{0, 9}, {2, 3}}) == RowRanges(0, 9));
  CHECK(of({98, 7, 97, 99}).count() == 4);
  CHECK(of({98, 7, 97, 99}).end() == 100);
  CHECK(RowRanges(4, 4).empty());
  CHECK(RowRanges(4, 4) == RowRanges());
  CHECK(RowRanges().count() == 0);
  CHECK(RowRanges().end() == 0);
  CHECK(error_of([] { RowRanges(5, 4); }) == "rows 5:4 run backwards");
  CHECK(error_of([] { RowRanges(-1, 4); }) == "rows -1:4: there are none below 0");
  CHECK(error_of([] { RowRanges({{3, 4}, {5, 1}}); }) == "rows 5:1 run backwards");
}

TEST_CASE("row ranges: text there and back; what is none is named") {
  for (const char* text : {"7,97:100", "0", "5:9", "0:2,3,5:9,1000000000000"}) {
    CAPTURE(text);
    CHECK(RowRanges::parse(text).to_text() == text);
  }
  CHECK(RowRanges::parse("97:100,7:8,99").to_text() == "7,97:100");
  CHECK(RowRanges().to_text().empty());
  for (const char* part : {"", "x", "-1", "1:", ":2", "1:2:3", " 1", "1.5", "+1", "0x1", "99999999999999999999"}) {
    CAPTURE(part);
    const std::string wanted = "rows: \"" + std::string(part) + "\" is no number and no range BEGIN:END";
    CHECK(parse_error(part) == wanted);
    CHECK(parse_error("3," + std::string(part)) == wanted);
  }
  CHECK(parse_error("3,") == "rows: \"\" is no number and no range BEGIN:END");
  CHECK(parse_error("9:9") == "rows: \"9:9\" is empty: END is behind the last one");
  CHECK(parse_error("1,9:5") == "rows: \"9:5\" is empty: END is behind the last one");
  CHECK(parse_error("9223372036854775807") == "rows: \"9223372036854775807\" is no number and no range BEGIN:END");
}

TEST_CASE("row ranges: places and common rows are those of sets") {
  std::mt19937 random(5);
  const auto draw = [&] {
    std::set<int64_t> rows;
    for (int64_t row = 0; row < 40; ++row)
      if (random() % 3 == 0) rows.insert(row);
    return rows;
  };
  for (int trial = 0; trial < 50; ++trial) {
    const std::set<int64_t> a = draw(), b = draw();
    const RowRanges of_a = of({a.begin(), a.end()}), of_b = of({b.begin(), b.end()});
    CHECK(of_a.count() == static_cast<int64_t>(a.size()));
    for (int64_t row = -2; row < 42; ++row) {
      const std::optional<int64_t> place = of_a.place_of(row);
      CHECK(place.has_value() == a.contains(row));
      if (place) CHECK(*place == std::distance(a.begin(), a.find(row)));
    }
    std::vector<int64_t> both, places;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    for (const int64_t row : both) places.push_back(std::distance(a.begin(), a.find(row)));
    CHECK(of_a.common(of_b) == of(both));
    CHECK(of_b.common(of_a) == of(both));
    CHECK(of_a.places_of(of(both)) == of(places));
  }
  CHECK_THROWS_WITH_AS(RowRanges::parse("1,3:5").places_of({3, 6}), "rows 3:6 are not among 1,3:5",
                       std::invalid_argument);
}

TEST_CASE("row ranges: rows and columns of a tensor side by side, and back to their places") {
  const RowRanges some = RowRanges::parse("1,3:5");
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array table = random_array({6, 5}, 1), other = random_array({3, 5}, 2);
    const Tensor x = to_tensor(table, s.dtype, s.device);
    Array rows({3, 5}), columns({6, 3}), changed = table;
    for (int64_t r = 0; r < 3; ++r)
      for (int64_t c = 0; c < 5; ++c) {
        const int64_t from = r == 0 ? 1 : r + 2;
        rows(r, c) = table(from, c);
        changed(from, c) = other(r, c);
      }
    for (int64_t r = 0; r < 6; ++r)
      for (int64_t c = 0; c < 3; ++c) columns(r, c) = table(r, c == 0 ? 1 : c + 2);
    CHECK(difference(take_ranges(x, 0, some), rows) == 0);
    CHECK(difference(take_ranges(x, 1, some), columns) == 0);
    CHECK(difference(take_ranges(x, -1, some), columns) == 0);
    put_ranges_(x, some, to_tensor(other, s.dtype, s.device));
    CHECK(to_array(x).values == to_array(to_tensor(changed, s.dtype, s.device)).values);
    // Of one range, and of none, a view.
    CHECK(take_ranges(x, 0, {2, 5}).view().block == x.view().block);
    CHECK(take_ranges(x, 1, {}).shape() == Shape{6, 0});
    CHECK_THROWS_WITH_AS(take_ranges(x, 1, RowRanges::parse("0,4:6")), "take_ranges: rows 0,4:6 of axis 1 of [6, 5]",
                         std::invalid_argument);
    CHECK_THROWS_AS(put_ranges_(x, some, x), std::invalid_argument);
  }
}
