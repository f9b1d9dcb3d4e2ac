// SPDX-License-Identifier: Apache-2.0
// Tables survive a round trip; damaged ones are named by line.
#include "examples/data/tsv.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::string read_error(const ScratchFolder& folder, std::string_view text) {
  try {
    read_tsv(folder.write("t.tsv", text));
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    return what.substr(what.rfind('/') + 1);
  }
  return "";
}

}  // namespace

TEST_CASE("tsv: round trip, byte-order mark, CRLF") {
  const ScratchFolder folder;
  const Table table{{"text", "label"}, {{"a b", "x"}, {"", "y"}, {"\"quoted\"", ""}}};
  write_tsv(folder.path() / "new" / "t.tsv", table);
  const auto again = read_tsv(folder.path() / "new" / "t.tsv");
  CHECK(again.columns == table.columns);
  CHECK(again.rows == table.rows);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "new" / "t.tsv.partial"));

  const auto windows = read_tsv(folder.write("w.tsv", "\xEF\xBB\xBFtext\tlabel\r\none\tx\r\n"));
  CHECK(windows.column("text", "w.tsv") == 0);
  CHECK(windows.rows.at(0).at(1) == "x");
}

TEST_CASE("tsv: errors name file and line") {
  const ScratchFolder folder;
  CHECK(read_error(folder, "a\tb\n1\t2\n1\t2\t3\n") == "t.tsv:3: 3 fields, the header has 2");
  CHECK(read_error(folder, std::string_view("a\tb\n1\t\0\n", 8)) == "t.tsv:2: has a NUL character");
  CHECK(read_error(folder, "a\tb\n") == "t.tsv: has no rows below a header line");
  CHECK(read_error(folder, "") == "t.tsv: has no rows below a header line");
  CHECK_THROWS_AS(read_tsv(folder.path() / "absent"), std::runtime_error);
  CHECK_THROWS_WITH_AS(Table({{"a", "b"}, {}}).column("c", "t.tsv"), "t.tsv: has no column \"c\" (it has: a, b)", std::runtime_error);
  CHECK_THROWS_AS(write_tsv(folder.path() / "x.tsv", {{"a"}, {{"tab\there"}}}), std::invalid_argument);
  CHECK_THROWS_AS(write_tsv(folder.path() / "x.tsv", {{"a"}, {{"1", "2"}}}), std::invalid_argument);
}
