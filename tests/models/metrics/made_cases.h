// SPDX-License-Identifier: Apache-2.0
// Cases with what other programs made of them, a JSON object a line (tests/models/metrics/README.md tells which).
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <string>

#include "models/data/json_rows.h"
#include "models/metrics/precision_recall.h"
#include "tensor/io/json.h"
#include "tests/source_folder.h"

namespace thaw {

// Calls check(case) for each line of a file beside this one; returns how many there are.
template <typename Check>
size_t for_each_case(const std::string& file, Check&& check) {
  JsonRows rows{LineReader(source_folder() / "tests" / "models" / "metrics" / file)};
  size_t count = 0;
  for (Json row; rows.next(row); ++count) {
    const std::string where = rows.where();
    CAPTURE(where);
    check(row);
  }
  return count;
}

// Precision, recall, F1 and, if it is there, the support.
inline void check_scores(const PrecisionRecall& got, const Json& expected) {
  CHECK(got.precision == doctest::Approx(expected.get_number(0)).epsilon(1e-12));
  CHECK(got.recall == doctest::Approx(expected.get_number(1)).epsilon(1e-12));
  CHECK(got.f1 == doctest::Approx(expected.get_number(2)).epsilon(1e-12));
  if (expected.size() > 3) CHECK(got.support == expected.get_int(3));
}

}  // namespace thaw
