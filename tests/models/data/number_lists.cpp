// SPDX-License-Identifier: Apache-2.0
// Which lists are numbers to predict, and which cells among them are refused.
#include "models/data/number_lists.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "models/data/labels.h"

using namespace thaw;
using Cells = std::vector<std::string>;

namespace {

NumberLists lists_of(const Cells& cells, const std::string& separator = "|") {
  NumberLists lists("t.tsv", {});
  int64_t line = 1;
  for (const std::string& cell : cells) lists.add(cell, split_cell(cell, separator, "t.tsv"), ++line);
  return lists;
}

}  // namespace

TEST_CASE("number lists: one number that is not written as an integer makes numbers to predict, but for 0/1 vectors") {
  CHECK(lists_of({"0.5|1.2|3.0", "1|2|3"}).are_numbers());
  CHECK(lists_of({"0.5|1.2|3.0", "1|2|3"}).length() == 3);
  CHECK(lists_of({"0.5, -1", " 2,+3.5"}, ",").are_numbers());
  CHECK(lists_of({"0.5", "1.25"}).are_numbers());
  CHECK(lists_of({"2.0|1.0", "0|1"}).are_numbers());
  CHECK_FALSE(lists_of({"1|2|3", "3|4|5"}).are_numbers());
  CHECK_FALSE(lists_of({"1.0|0.0", "0.0|1.0"}).are_numbers());
  CHECK_FALSE(lists_of({"1|0", "0|1"}).are_numbers());
  CHECK_FALSE(lists_of({"0.5|1.2", "0.5|high"}).are_numbers());
  CHECK_FALSE(lists_of({"0.5|1.2", ""}).are_numbers());
  CHECK(lists_of({"0.5|1.2", "0.5|high"}).no_list().line == 3);
}

TEST_CASE("number lists: all have the length of the first") {
  lists_of({"0.5|1", "2|3"}).refuse_other_lengths(true);
  CHECK_THROWS_WITH_AS(lists_of({"0.5|1|2", "2|3", "1"}).refuse_other_lengths(false),
                       "t.tsv:3: the label \"2|3\" is a list of another length than the first: 3 numbers were "
                       "expected, as in \"0.5|1|2\" on line 2",
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(lists_of({"3.10|3.11", "3.9"}).refuse_other_lengths(true),
                       doctest::Contains("(if they are sets of classes, give problem_type multi_label_classification)"),
                       std::runtime_error);
}

TEST_CASE("number lists: a cell that is none among many is a slip") {
  for (const char* cell : {"0.5|N/A", "", "0.5|1,5"}) {
    CAPTURE(cell);
    CHECK_THROWS_WITH_AS(lists_of({"0.5|1", "1.5|2", cell}).refuse_stray_cells(),
                         doctest::Contains("t.tsv:4: the label"), std::runtime_error);
  }
  lists_of({"0.5|1", "x|y", "y"}).refuse_stray_cells();
  lists_of({"1|0", "0|1", ""}).refuse_stray_cells();
  lists_of({"1|2", "2|3", "x"}).refuse_stray_cells();
}

TEST_CASE("number lists: numbers without a fraction are warned of") {
  CHECK(lists_of({"2.0|1", "1|0"})
            .warning()
            .starts_with("t.tsv:2: no label has a fraction, but some are written like \"2.0\""));
  CHECK(lists_of({"2.5|1", "1.0|0"}).warning().empty());
}
