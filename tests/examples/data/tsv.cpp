// SPDX-License-Identifier: Apache-2.0
// Tables survive a round trip; what TSV cannot hold is refused.
#include "examples/data/tsv.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>
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

TEST_CASE("tsv: of several files none is there before all are written, and what was there stays") {
  const ScratchFolder folder;
  const Table table{{"text"}, {{"new"}}};
  folder.write("train.tsv", "text\nold\n");
  std::filesystem::create_directory(folder.path() / "test.tsv");  // cannot be written
  const auto try_all = [&](const std::filesystem::path& last) {
    FileSet files;
    add_tsv(files, folder.path() / "train.tsv", table);
    add_tsv(files, folder.path() / "made" / "validation.tsv", table);
    CHECK(read_table(folder.path() / "train.tsv").rows[0][0] == "old");
    add_tsv(files, last, table);
    files.commit();
  };
  const auto entries = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator());
  };
  CHECK_THROWS_WITH_AS(try_all(folder.path() / "test.tsv"), doctest::Contains("test.tsv: cannot be written"),
                       std::runtime_error);
  CHECK(read_table(folder.path() / "train.tsv").rows[0][0] == "old");
  CHECK(entries() == 2);
  try_all(folder.path() / "other.tsv");
  CHECK(read_table(folder.path() / "train.tsv").rows[0][0] == "new");
  CHECK(read_table(folder.path() / "made" / "validation.tsv").rows[0][0] == "new");
  CHECK(entries() == 4);
}

TEST_CASE("tsv: what a table cannot hold") {
  const ScratchFolder folder;
  CHECK_THROWS_AS(write_tsv(folder.path() / "x.tsv", {{"a"}, {{"tab\there"}}}), std::invalid_argument);
  CHECK_THROWS_AS(write_tsv(folder.path() / "x.tsv", {{"a"}, {{"1", "2"}}}), std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "x.tsv"));
}
