// SPDX-License-Identifier: Apache-2.0
// What tables may look like: line ends, byte order marks, quotes, objects, chosen columns.
#include "models/data/table.h"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(const std::string& name, std::string_view text, TableReading reading = {}) {
  const ScratchFolder folder;
  TableReader reader(folder.write(name, text), std::move(reading));
  Rows rows;
  TableRow row;
  while (reader.next(row)) rows.push_back(row.cells);
  return rows;
}

}  // namespace

TEST_CASE("table: TSV takes fields as they are") {
  CHECK(rows_of("t.tsv", "a\tb\n1\t\"2\n\t\n") == Rows{{"1", "\"2"}, {"", ""}});
  CHECK(rows_of("t.tsv",
                "\xEF\xBB\xBF"
                "a\tb\r\n1\t2\r\n3\t4") == Rows{{"1", "2"}, {"3", "4"}});
  CHECK(rows_of("t.tab", "a\n\nx\n") == Rows{{""}, {"x"}});
  CHECK(rows_of("t.tsv", "a\tb\tc\n1\t2\t3\n", {{"c", "a"}, ""}) == Rows{{"3", "1"}});
  CHECK(rows_of("t.tsv", "a\tb\n").empty());
}

TEST_CASE("table: blank lines are passed over where they are no cell") {
  CHECK(rows_of("t.tsv", "\na\tb\n1\t2\n\n3\t4\n\r\n  \n") == Rows{{"1", "2"}, {"3", "4"}});
  CHECK(rows_of("t.csv", "a,b\n\n1,2\n \t \n3,4\n\n\n") == Rows{{"1", "2"}, {"3", "4"}});
  CHECK(rows_of("t.csv", "a,b\n1,2\n,\n") == Rows{{"1", "2"}, {"", ""}});
  CHECK(rows_of("t.tsv", "a\tb\n\t\n1\t2\n") == Rows{{"", ""}, {"1", "2"}});
  CHECK(rows_of("t.csv", "a\nx\n\n\"\"\n") == Rows{{"x"}, {""}, {""}});
  CHECK(rows_of("t.csv", "a,b\n\"x\n\ny\",1\n\n\"\",\"\"\n") == Rows{{"x\n\ny", "1"}, {"", ""}});
  std::istringstream stream("a,b\n\n1,2\n");
  TableReader reader(stream, "t", TableFormat::csv);
  TableRow row;
  REQUIRE(reader.next(row));
  CHECK(reader.where(row) == "t:3");
}

TEST_CASE("table: CSV as RFC 4180 has it") {
  CHECK(rows_of("t.csv", "a,b\n1,2\n,\n") == Rows{{"1", "2"}, {"", ""}});
  CHECK(rows_of("t.csv", "a,b\n\"x, \"\"y\"\"\",2\n") == Rows{{"x, \"y\"", "2"}});
  CHECK(rows_of("t.csv", "a,b\n\"one\ntwo\r\n\nthree\",2\n3,\"\"\n") == Rows{{"one\ntwo\n\nthree", "2"}, {"3", ""}});
  CHECK(rows_of("t.csv", "\"a\",\"b, c\"\r\n1,2\r\n", {{"b, c"}, ""}) == Rows{{"2"}});
  CHECK(rows_of("t.csv", "a,b\n1,\"\"\"\"") == Rows{{"1", "\""}});
  CHECK(rows_of("t.csv", ",text\n0,x\n", {{"text"}, ""}) == Rows{{"x"}});
}

TEST_CASE("table: JSONL by key") {
  const std::string text =
      "{\"text\": \"a\\tb\", \"label\": 3, \"score\": 2.5}\n\n{\"label\": true, \"more\": null, \"text\": \"\", "
      "\"score\": 1e3}\n";
  CHECK(rows_of("t.jsonl", text) == Rows{{"a\tb", "3", "2.5"}, {"", "true", "1000.0"}});
  CHECK(rows_of("t.ndjson", text, {{"label", "text"}, ""}) == Rows{{"3", "a\tb"}, {"true", ""}});
  CHECK(rows_of("t.jsonl", "{\"l\": [\"x\", \"y z\"]}\n{\"l\": []}\n{\"l\": [7]}\n", {{}, "|"}) ==
        Rows{{"x|y z"}, {""}, {"7"}});
  CHECK(rows_of("t.json", "{\"l\": [1.0, 0.0]}\n{\"l\": [true, false]}\n", {{}, "|"}) ==
        Rows{{"1.0|0.0"}, {"true|false"}});
  CHECK(rows_of("t.jsonl", "{\"l\": [0.5, -3, 1e-7]}\n", {{}, "|"}) == Rows{{"0.5|-3|1e-07"}});
  CHECK(rows_of("t.jsonl",
                "{\"t\": \"x\", \"s\": NaN, \"u\": [Infinity, {\"v\": -Infinity}]}\n{\"t\": \"y\", \"s\": 1}\n",
                {{"t"}, ""}) == Rows{{"x"}, {"y"}});
}

TEST_CASE("table: plain lines, streams, where a row is") {
  CHECK(rows_of("t.txt", "one\ttext\n\n\"two\"") == Rows{{"one\ttext"}, {""}, {"\"two\""}});
  std::istringstream stream("a,b\n\"1\n2\",3\n4,5\n");
  TableReader reader(stream, "standard input", TableFormat::csv);
  TableRow row;
  REQUIRE(reader.next(row));
  CHECK(reader.where(row) == "standard input:2");
  REQUIRE(reader.next(row));
  CHECK(reader.where(row) == "standard input:4");
  CHECK_FALSE(reader.next(row));
  CHECK(table_format_named("jsonl") == TableFormat::jsonl);
  CHECK_THROWS_WITH_AS(table_format_named("xls"), "unknown table format \"xls\": expected tsv, csv, jsonl or lines",
                       std::invalid_argument);
}

TEST_CASE("table: whole tables and their columns") {
  const ScratchFolder folder;
  const Table table = read_table(folder.write("t.csv", "a,b\n1,2\n"));
  CHECK(table.column("b", "t.csv") == 1);
  CHECK_THROWS_WITH_AS(table.column("c", "t.csv"), "t.csv: has no column \"c\" (it has: a, b)", std::runtime_error);
}

TEST_CASE("table: lines that cross the blocks it is read in") {
  std::string text = "a\tb\n";
  Rows expected;
  for (size_t size = 1; size < 300'000; size = size * 3 + 1) {
    expected.push_back({std::string(size, 'x'), std::to_string(size)});
    text += expected.back()[0] + "\t" + expected.back()[1] + "\n";
  }
  CHECK(rows_of("t.tsv", text) == expected);
}
