// SPDX-License-Identifier: Apache-2.0
// What columns of labels are taken for, refused for, and warned of.
#include "models/data/label_survey.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace thaw;
using Cells = std::vector<std::string>;

namespace {

LabelSurvey survey_of(const Cells& cells, const std::string& separator = "") {
  LabelSurvey survey("t.csv", separator);
  int64_t line = 1;
  for (const std::string& cell : cells) survey.add(cell, ++line);
  return survey;
}

Cells numbers(int count, const Cells& more) {
  Cells cells;
  for (int i = 0; i < count; ++i) cells.push_back(std::to_string(i) + ".5");
  cells.insert(cells.end(), more.begin(), more.end());
  return cells;
}

}  // namespace

TEST_CASE("label survey: numbers to predict") {
  CHECK(survey_of({"1.5", "2"}).are_numbers());
  CHECK(survey_of({"+1.5", " 0.25", "2"}).are_numbers());
  CHECK_FALSE(survey_of({"1", "2"}).are_numbers());
  CHECK_FALSE(survey_of({"1.5", "high"}).are_numbers());
  CHECK(survey_of({"1.5", "2"}).number_warnings().empty());
  CHECK(survey_of({"1", "2"}).number_warnings().empty());
}

TEST_CASE("label survey: one cell that is no number") {
  for (const char* cell : {"N/A", "1,5", "inf", "nan", "3.5x", "-"}) {
    CAPTURE(cell);
    CHECK_THROWS_WITH_AS(survey_of(numbers(20, {cell, "7.25"})).refuse_stray_cells(),
                         doctest::Contains("t.csv:22: the label"), std::runtime_error);
  }
  CHECK_THROWS_WITH_AS(survey_of(numbers(4, {"N/A", "?"})).refuse_stray_cells(),
                       "t.csv:6: the label \"N/A\" is not a number, but 4 of 6 labels are: if these are numbers to "
                       "predict, mend it and the 1 "
                       "others; if they are classes, give problem_type single_label_classification",
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(survey_of({"1.0", "0.0", "nan"}).refuse_stray_cells(), doctest::Contains("t.csv:4"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(
      survey_of({"1,5", "0,25", "2,0"}).refuse_stray_cells(),
      doctest::Contains("t.csv:2: the label \"1,5\" is not a number (a comma in a number? write 1.5 or 1234)"),
      std::runtime_error);
  survey_of({"1.5", "high"}).refuse_stray_cells();
  survey_of({"1", "2", "3", "N/A"}).refuse_stray_cells();
  survey_of({"a", "b", "1"}).refuse_stray_cells();
}

TEST_CASE("label survey: numbers with commas") {
  CHECK_THROWS_WITH_AS(
      survey_of({"1,234.5", "17.5", "2,000.25"}).refuse_stray_cells(),
      doctest::Contains("(a comma in a number? write 1.5 or 1234), but 3 of 3 labels look like numbers"),
      std::runtime_error);
}

TEST_CASE("label survey: numbers among classes, and classes among numbers") {
  const auto warnings = [](const Cells& cells) { return survey_of(cells).number_warnings(); };
  REQUIRE(warnings({"1.0", "0.0", "1"}).size() == 1);
  CHECK(warnings({"1.0", "0.0", "1"})[0].starts_with(
      "t.csv:2: no label has a fraction, but some are written like \"1.0\""));
  REQUIRE(warnings({"1", "2", "0", "1", "N/A"}).size() == 1);
  CHECK(warnings({"1", "2", "0", "1", "N/A"})[0] ==
        "t.csv:6: the label \"N/A\" is not a number, but 4 of 5 labels are: all are read as classes");
  CHECK(warnings({"1.5", "high"}).size() == 1);
  CHECK(warnings({"a", "b", "NaN"}).size() == 1);
  CHECK(warnings({"0|1", "1|0"}).size() == 1);
  CHECK(warnings({"a", "b", "none"}).empty());
  CHECK(warnings({"1", "2", "more", "none"}).empty());
}

TEST_CASE("label survey: 0/1 vectors") {
  const LabelSurvey two = survey_of({"1|0", "0|1", "1|0"}, "|");
  CHECK(two.vector_length() == 2);
  CHECK(survey_of({"1|0|1", "0|0|0"}, "|").vector_length() == 3);
  CHECK(survey_of({"1.0, 0.0", "false, true"}, ", ").vector_length() == 2);
  // Sets of the names "0" and "1".
  CHECK(survey_of({"0", "1", "0|1"}, "|").vector_length() == 0);
  CHECK(survey_of({"0", "1"}, "|").vector_length() == 0);
  CHECK(survey_of({"0|1", "1|2"}, "|").vector_length() == 0);
  CHECK(survey_of({"", "0"}, "|").vector_length() == 0);
  CHECK_THROWS_WITH_AS(
      survey_of({"1|0", "", "0|1"}, "|").vector_length(),
      "t.csv:3: has no labels, but 2 others have 0/1 vectors of 2 (the first at t.csv:2): a vector without a "
      "1 is written \"0|0\"",
      std::runtime_error);
  CHECK_THROWS_WITH_AS(survey_of({"1|0|1", "0|1"}, "|").refuse_repeated_labels(),
                       "t.csv:2: the label \"1\" is there twice: 0/1 vectors must have one length, t.csv:3 has \"0|1\"",
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(
      survey_of({"1|0|1", "spam"}, "|").refuse_repeated_labels(),
      "t.csv:2: the label \"1\" is there twice: 0/1 vectors must be in every row, t.csv:3 has \"spam\"",
      std::runtime_error);
  CHECK_THROWS_WITH_AS(survey_of({"a|b|a"}, "|").refuse_repeated_labels(), "t.csv:2: the label \"a\" is there twice",
                       std::runtime_error);
}

TEST_CASE("label survey: lists as programs print them") {
  for (const char* cell : {"[1, 0]", "['a', 'b']", "(0, 1)", "['a']", "[1 0 1]", "{'a'}"}) {
    CAPTURE(cell);
    CHECK_THROWS_WITH_AS(survey_of({cell, cell}).refuse_written_lists(), doctest::Contains("t.csv:2: the label"),
                         std::runtime_error);
    CHECK_THROWS_WITH_AS(survey_of({cell, ""}, ", ").refuse_written_lists(),
                         doctest::Contains("as a program prints it"), std::runtime_error);
  }
  survey_of({"[PER]", "[LOC]"}).refuse_written_lists();
  survey_of({"(a, b)", "c"}).refuse_written_lists();
}

TEST_CASE("label survey: names that differ in nothing that can be seen") {
  const auto pair = survey_of({"pos", "pos ", "neg", "pos"}).name_warnings();
  REQUIRE(pair.size() == 1);
  CHECK(pair[0] ==
        "t.csv:3: the labels \"pos\" and \"pos \" differ by blanks only, but are read as two (2 rows, the first on "
        "line 2; 1 "
        "row, line 3)");
  const auto blanks = survey_of({"a | b", "c"}, "|").name_warnings();
  REQUIRE(blanks.size() == 2);
  CHECK(blanks[1] ==
        "t.csv:2: the label \"a \" has blanks at an end, or characters that show nothing (1 row); do blanks belong to "
        "label_separator?");
  CHECK(survey_of({"a | b", "b"}, "|").name_warnings().size() == 2);
  CHECK(survey_of({"a | b", "c"}, " | ").name_warnings().empty());
  Cells own;
  for (int i = 0; i < 20; ++i) own.push_back("$" + std::to_string(i));
  REQUIRE(survey_of(own).name_warnings().size() == 1);
  CHECK(survey_of(own).name_warnings()[0] ==
        "t.csv: 20 different labels in 20 rows, such as \"$0\": is this the column of labels?");
  Cells integers;
  for (int i = 0; i < 20; ++i) integers.push_back(std::to_string(i));
  REQUIRE(survey_of(integers).name_warnings().size() == 1);
  CHECK(survey_of(integers).name_warnings()[0].ends_with("Numbers are predicted with problem_type regression"));
  own.insert(own.end(), 20, "x");
  CHECK(survey_of(own).name_warnings().size() == 1);
  own.insert(own.end(), 10, "x");
  CHECK(survey_of(own).name_warnings().empty());
  Cells many(80, "x");
  for (int i = 0; i < 30; ++i) {
    many.push_back("name" + std::to_string(i));
    many.push_back("Name" + std::to_string(i));
  }
  const auto lines = survey_of(many).name_warnings();
  CHECK(lines.size() == 11);
  CHECK(lines.back() == "t.csv: 20 more pairs of labels look alike");
}

TEST_CASE("label survey: labels that look like several") {
  CHECK(survey_of({"a", "b"}).joined_warning().empty());
  CHECK(
      survey_of({"b", "c|a", "a|b", "c|a"}).joined_warning() ==
      "t.csv:3: 3 of 4 rows have a label with a \"|\", the first \"c|a\": if that stands between several labels, give "
      "label_separator '|'; if it is one name, problem_type single_label_classification");
}
