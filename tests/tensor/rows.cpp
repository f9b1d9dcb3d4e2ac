// SPDX-License-Identifier: Apache-2.0
// Rows by index, against plain loops.
#include <doctest/doctest.h>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

TEST_SUITE_BEGIN("primitives");

TEST_CASE("rows: gathered, and added back in order") {
  for (const Setting& s : settings()) {
    for (const int64_t channels : {1, 7, 64, 129}) {
      CAPTURE(s.name());
      CAPTURE(channels);
      const Array table = random_array({5, channels}, 1);
      const std::vector<int32_t> ids{4, 0, 0, 3, 4, 4, 2};
      const Indices indices(ids, s.device);
      const Tensor gathered = gather_rows(to_tensor(table, s.dtype, s.device), indices);
      Array want({7, channels}), sums = table;
      for (int64_t t = 0; t < 7; ++t)
        for (int64_t c = 0; c < channels; ++c) {
          want(t, c) = table(ids[static_cast<size_t>(t)], c);
          sums(ids[static_cast<size_t>(t)], c) += want(t, c);
        }
      CHECK(difference(gathered, want) == 0);
      const Tensor target = to_tensor(table, s.dtype, s.device);
      scatter_add_rows_(target, gathered, indices);
      CHECK(difference(target, sums) < s.tolerance(1e-6));
    }
  }
}

TEST_CASE("rows: ids outside of the table are skipped when adding, an error when gathering") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor table = Tensor::zeros({3, 2}, s.dtype, s.device), ones = Tensor::full({4, 2}, 1, s.dtype, s.device);
    scatter_add_rows_(table, ones, Indices({-1, 2, 3, 2}, s.device));
    CHECK(table.to_host<double>() == std::vector<double>{0, 0, 0, 0, 2, 2});
    CHECK_THROWS_WITH_AS(gather_rows(table, Indices({0, 3}, s.device)),
                         "gather_rows: id 3 at position 1 is not in [0, 3)", std::invalid_argument);
    CHECK_THROWS_AS(gather_rows(table, Indices({-1}, s.device)), std::invalid_argument);
    CHECK(gather_rows(table, Indices({}, s.device)).shape() == Shape{0, 2});
  }
}

TEST_CASE("rows: a part of a wider table") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array wide = random_array({4, 6}, 2);
    const Tensor part = to_tensor(wide, s.dtype, s.device).slice(1, 2, 5);
    const Array got = to_array(gather_rows(part, Indices({3, 1}, s.device)));
    CHECK(got.values == std::vector<double>{wide(3, 2), wide(3, 3), wide(3, 4), wide(1, 2), wide(1, 3), wide(1, 4)});
    const Tensor target = to_tensor(wide, s.dtype, s.device);
    scatter_add_rows_(target.slice(1, 2, 5), Tensor::full({2, 3}, 1, s.dtype, s.device), Indices({3, 3}, s.device));
    Array want = wide;
    for (int64_t c = 2; c < 5; ++c) want(3, c) += 2;
    CHECK(difference(target, want) < s.tolerance(1e-6));
  }
}

TEST_CASE("where: chooses by a condition, broadcast") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array a = random_array({3, 5}, 3), b = random_array({5}, 4);
    const Array condition({3, 1}, {1, 0, 2});
    Array want({3, 5});
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t j = 0; j < 5; ++j) want(i, j) = condition(i, 0) != 0 ? a(i, j) : b(j);
    CHECK(difference(where(to_tensor(condition, s.dtype, s.device), to_tensor(a, s.dtype, s.device),
                           to_tensor(b, s.dtype, s.device)),
                     want) == 0);
  }
}

TEST_SUITE_END();
