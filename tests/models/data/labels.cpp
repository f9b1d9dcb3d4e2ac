// SPDX-License-Identifier: Apache-2.0
// The order of labels, and cells that are no labels.
#include "models/data/labels.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace thaw;
using Names = std::vector<std::string>;

TEST_CASE("labels: sorted by bytes, by number if all are integers") {
  CHECK(LabelSet::of_values({"web", "Admin", "games"}).names() == Names{"Admin", "games", "web"});
  CHECK(LabelSet::of_values({"10", "9", "-1"}).names() == Names{"-1", "9", "10"});
  CHECK(LabelSet::of_values({"10", "9", "x"}).names() == Names{"10", "9", "x"});
  CHECK(LabelSet::of_values({"10", "9.5"}).names() == Names{"10", "9.5"});
  const LabelSet labels({"b", "a"});
  CHECK(labels.size() == 2);
  CHECK(labels.id("a", "f:1") == 1);
  CHECK(labels.contains("b"));
  CHECK_FALSE(labels.contains("c"));
  CHECK_THROWS_WITH_AS(LabelSet({"a", "a"}), "the label \"a\" is there twice", std::invalid_argument);
}

TEST_CASE("labels: an unknown one is named with the known ones") {
  CHECK_THROWS_WITH_AS(LabelSet({"b", "a"}).id("c", "v.tsv:7"), "v.tsv:7: unknown label \"c\" (known: b, a)",
                       std::runtime_error);
  Names many;
  for (int i = 0; i < 25; ++i) many.push_back(std::to_string(i));
  CHECK_THROWS_WITH_AS(LabelSet(many).id("x", "v.tsv:7"), doctest::Contains("18, 19 and 5 more)"), std::runtime_error);
}

TEST_CASE("labels: several in a cell") {
  CHECK(split_labels("a|b c|d", "|", "f:1") == Names{"a", "b c", "d"});
  CHECK(split_labels("a, b", ", ", "f:1") == Names{"a", "b"});
  CHECK(split_labels("", "|", "f:1").empty());
  for (const char* cell : {"a|", "|a", "a||b", "|"}) {
    CAPTURE(cell);
    CHECK_THROWS_WITH_AS(split_labels(cell, "|", "f:1"), doctest::Contains("f:1: an empty label in"),
                         std::runtime_error);
  }
  CHECK_THROWS_WITH_AS(split_labels("a|b|a", "|", "f:1"), "f:1: the label \"a\" is there twice", std::runtime_error);
}

TEST_CASE("labels: numbers") {
  CHECK(parse_number_label("2.5", "f:1") == 2.5);
  CHECK(parse_number_label("-3e2", "f:1") == -300);
  for (const char* cell : {"", "x", "1,5", "1 ", " 1", "nan", "inf", "1e999", "0x10"}) {
    CAPTURE(cell);
    CHECK_THROWS_AS(parse_number_label(cell, "f:1"), std::runtime_error);
    CHECK_FALSE(is_number_label(cell));
  }
  CHECK(is_integer_label("12"));
  CHECK_FALSE(is_integer_label("1.0"));
  CHECK_FALSE(is_integer_label("12345678901234567890123"));
}
