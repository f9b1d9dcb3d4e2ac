// SPDX-License-Identifier: Apache-2.0
// Rows by the names of their columns.
#include "models/tasks/classification/labelled_rows.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("labelled rows: columns in any order, pairs, where a row is") {
  const ScratchFolder folder;
  const std::string file = folder.write("t.csv", "label,b,id,a\nx,\"two\nlines\",1,one\ny,four,2,three\n").string();
  ClassificationOptions options;
  options.text_column = "a";
  options.text_pair_column = "b";
  LabelledRows rows(file, options);
  LabelledRow row;
  REQUIRE(rows.next(row));
  CHECK(row.input.cells == std::vector<std::string>{"one", "two\nlines"});
  REQUIRE(rows.next(row));
  CHECK(row.label == "y");
  CHECK(row.input.where == file + ":4");
  CHECK(row.line == 4);
  CHECK_FALSE(rows.next(row));
}
