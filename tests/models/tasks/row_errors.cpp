// SPDX-License-Identifier: Apache-2.0
// What is read before a wrong row.
#include "models/tasks/row_errors.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace thaw;

TEST_CASE("row errors: rows before a wrong one are there first, and its error comes with the next call") {
  RowErrors errors;
  std::vector<int> rows;
  int row = 0;
  const auto read = [&] {
    if (++row > 6) return false;
    if (row == 3 || row == 5) throw std::runtime_error("row " + std::to_string(row));
    rows.push_back(row);
    return true;
  };
  errors.read(4, read);
  CHECK(rows == std::vector<int>{1, 2});
  CHECK_THROWS_WITH_AS(errors.read(4, read), "row 3", std::runtime_error);
  errors.read(1, read);
  CHECK(rows == std::vector<int>{1, 2, 4});
  CHECK_THROWS_WITH_AS(errors.read(4, read), "row 5", std::runtime_error);  // the first of a call at once
  errors.read(4, read);
  CHECK(rows == std::vector<int>{1, 2, 4, 6});
}

TEST_CASE("row errors: what is found out later of a row is told now, or with the next call") {
  RowErrors errors;
  const auto raise = [] { throw std::runtime_error("row 2"); };
  CHECK_THROWS_WITH_AS(errors.fail(false, raise), "row 2", std::runtime_error);
  CHECK_NOTHROW(errors.fail(true, raise));
  CHECK_THROWS_WITH_AS(errors.read(1, [] { return true; }), "row 2", std::runtime_error);
}
