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

TEST_CASE("labels: an unknown one that looks like a known one") {
  CHECK_THROWS_WITH_AS(LabelSet({"pos", "neg"}).id("pos ", "v.tsv:7"),
                       "v.tsv:7: unknown label \"pos \" (\"pos\" differs by blanks only; known: pos, neg)",
                       std::runtime_error);
}

TEST_CASE("labels: numbers") {
  CHECK(parse_number_label("2.5", "f:1") == 2.5);
  CHECK(parse_number_label("-3e2", "f:1") == -300);
  CHECK(parse_number_label("+1.5", "f:1") == 1.5);
  CHECK(parse_number_label(" 1.5\xC2\xA0", "f:1") == 1.5);
  for (const char* cell : {"", "x", "1,5", "1 2", "+-1", "++1", "+", " ", "nan", "inf", "+inf", "1e999", "0x10"}) {
    CAPTURE(cell);
    CHECK_THROWS_AS(parse_number_label(cell, "f:1"), std::runtime_error);
    CHECK(number_form(cell) >= (std::string_view(cell) == "1,5" ? NumberForm::with_comma : NumberForm::none));
  }
  CHECK_THROWS_WITH_AS(parse_number_label("inf", "f:1"),
                       "f:1: the label \"inf\" is not a finite number, as regression needs it", std::runtime_error);
  CHECK_THROWS_WITH_AS(parse_number_label("1,5", "f:1"), doctest::Contains("a comma in a number? write 1.5 or 1234"),
                       std::runtime_error);
  CHECK(is_integer_label("12"));
  CHECK_FALSE(is_integer_label("1.0"));
  CHECK_FALSE(is_integer_label("12345678901234567890123"));
}

TEST_CASE("labels: numbers at the ends of f32") {
  CHECK(parse_number_label("3.4e38", "f:1") == 3.4e38);
  CHECK(parse_number_label("1e-400", "f:1") == 0);
  CHECK(parse_number_label("-0." + std::string(400, '0') + "1", "f:1") == 0);
  for (const std::string& cell : {std::string("1e39"), std::string("-1e39"), std::string("1e400"),
                                  std::string("+1E400"), std::string(400, '9'), std::string(400, '9') + ".5"}) {
    CAPTURE(cell);
    CHECK_THROWS_WITH_AS(parse_number_label(cell, "f:7"), doctest::Contains("f:7: the label \""), std::runtime_error);
    CHECK_THROWS_WITH_AS(parse_number_label(cell, "f:7"), doctest::Contains("is too large"), std::runtime_error);
    CHECK(number_form(cell) != NumberForm::none);
  }
  CHECK(number_form("nan(1)") == NumberForm::none);
  CHECK_THROWS_WITH_AS(parse_number_label("nan(1)", "f:1"), doctest::Contains("not a finite number"),
                       std::runtime_error);
  CHECK(size_of_number(" -1.5e7") == 1.5e7);
  CHECK(size_of_number("x") == 0);
}

TEST_CASE("labels: how a number is written") {
  CHECK(number_form("12") == NumberForm::integer);
  CHECK(number_form(" +12 ") == NumberForm::integer);
  CHECK(number_form("12.0") == NumberForm::whole);
  CHECK(number_form("1e3") == NumberForm::whole);
  CHECK(number_form("12345678901234567890123") == NumberForm::whole);
  CHECK(number_form(".5") == NumberForm::fraction);
  CHECK(number_form("-0,25") == NumberForm::with_comma);
  for (const char* cell : {"1,234.5", "1,234,567", "12,345", "-1,000.25"})
    CHECK(number_form(cell) == NumberForm::with_comma);
  for (const char* cell : {"1,2,3", "1,23.5", "1,234,56", "1,2345.5", "1,234.", ",5", "1,", "a,5", "nan", "-inf", "N/A",
                           "", "1 000", "50%"}) {
    CAPTURE(cell);
    CHECK(number_form(cell) == NumberForm::none);
  }
}

TEST_CASE("labels: elements of 0/1 vectors") {
  for (const char* part : {"0", "0.0", "false", "False"}) CHECK(parse_indicator(part) == false);
  for (const char* part : {"1", "1.0", "true", "True"}) CHECK(parse_indicator(part) == true);
  for (const char* part : {"", "2", "01", "0.5", "yes"}) CHECK_FALSE(parse_indicator(part));
}
