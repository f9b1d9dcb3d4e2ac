// SPDX-License-Identifier: Apache-2.0
// Rows of JSON objects: what is wrong in one is named by file, line and key.
#include "models/data/json_rows.h"

#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/error_of.h"

using namespace thaw;

namespace {

std::string error(const std::string& text) {
  return error_of<std::runtime_error>([&] {
    std::istringstream stream(text);
    JsonRows rows(LineReader(stream, "f.jsonl"));
    for (Json row; rows.next(row);) {
      texts_member(row, "tokens");
      if (row.contains("score")) row.get_number("score");
    }
  });
}

}  // namespace

TEST_CASE("json rows: nested values, blank lines, numbers that nobody asks for") {
  std::istringstream stream("\xEF\xBB\xBF{\"a\": {\"b\": [1, \"two\"]}}\n\n \t\n{\"a\": NaN}\r\n");
  JsonRows rows(LineReader(stream, "f.jsonl"));
  Json row;
  REQUIRE(rows.next(row));
  CHECK(row.get_object("a").get_array("b").get_string(1) == "two");
  CHECK(rows.where() == "f.jsonl:1");
  REQUIRE(rows.next(row));
  CHECK(rows.number() == 4);
  CHECK(error_of<std::runtime_error>([&] { row.get_number("a"); }) == "f.jsonl:4: a: expected a number, found NaN");
  CHECK(!rows.next(row));
}

TEST_CASE("json rows: texts and lists of texts") {
  std::istringstream stream("{\"tokens\": [\"a\", \"\", \"\\u00e9\"], \"text\": \"b\"}\n");
  JsonRows rows(LineReader(stream, "f.jsonl"));
  Json row;
  REQUIRE(rows.next(row));
  CHECK(texts_member(row, "tokens") == std::vector<std::string>{"a", "", "\xC3\xA9"});
  CHECK(text_member(row, "text") == "b");
}

TEST_CASE("json rows: errors name file, line and key") {
  const std::string good = "{\"tokens\": []}\n\n";
  CHECK(error(good + "{\"tokens\": \"a\"}\n") == "f.jsonl:3: tokens: expected an array, found \"a\"");
  CHECK(error(good + "{\"tokens\": [\"a\", 1]}\n") == "f.jsonl:3: tokens[1]: expected a string, found 1");
  CHECK(error(good + "{\"tokens\": [\"a\\u0000\"]}\n") == "f.jsonl:3: tokens[0]: has a NUL character");
  CHECK(error(good + "{\"tokens\": null}\n") == "f.jsonl:3: tokens: expected an array, found null");
  CHECK(error(good + "{\"words\": []}\n") == "f.jsonl:3: tokens: missing, expected an array");
  CHECK(error(good + "{\"tokens\": [], \"score\": Infinity}\n") ==
        "f.jsonl:3: score: expected a number, found Infinity");
  CHECK(
      error(good + "[1]\n").starts_with("f.jsonl:3: expected an object, found an array: JSONL has one object a line"));
  CHECK(error("{\n\"tokens\": []}\n").starts_with("f.jsonl:1: the object goes on beyond the line"));
  CHECK(error("<!DOCTYPE html>\n") == "f.jsonl: is an HTML page, not a table");
}
