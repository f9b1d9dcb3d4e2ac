// SPDX-License-Identifier: Apache-2.0
// Tables survive a round trip; what TSV cannot hold is refused.
#include "examples/data/tsv.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("tsv: round trip, byte-order mark, CRLF") {
  const ScratchFolder folder;
  const Table table{{"text", "label"}, {{"a b", "x"}, {"", "y"}, {"\"quoted\"", ""}}};
  write_tsv(folder.path() / "new" / "t.tsv", table);
  const auto again = read_table(folder.path() / "new" / "t.tsv");
  CHECK(again.columns == table.columns);
  CHECK(again.rows == table.rows);
}

TEST_CASE("tsv: what a table cannot hold") {
  const ScratchFolder folder;
  CHECK_THROWS_AS(write_tsv(folder.path() / "x.tsv", {{"a"}, {{"tab\there"}}}), std::invalid_argument);
  CHECK_THROWS_AS(write_tsv(folder.path() / "x.tsv", {{"a"}, {{"1", "2"}}}), std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "x.tsv"));
}
