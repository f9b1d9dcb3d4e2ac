// SPDX-License-Identifier: Apache-2.0
// Rows that are computed once and kept: which, with which others, and how they come back.
#include "nn/train/frozen_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace thaw;

namespace {

// Row t of example n of 2 channels: {n, t}. Notes what was computed together.
struct Model {
  std::vector<int64_t> lengths;
  std::vector<std::vector<int64_t>> computed = {};

  std::vector<FrozenRows::Example> examples(const std::vector<int64_t>& numbers) const {
    std::vector<FrozenRows::Example> list;
    for (const int64_t n : numbers) list.push_back({n, lengths[static_cast<size_t>(n)]});
    return list;
  }
  std::vector<float> rows(std::span<const int64_t> numbers) const {
    std::vector<float> values;
    for (const int64_t n : numbers)
      for (int64_t t = 0; t < lengths[static_cast<size_t>(n)]; ++t) {
        values.push_back(static_cast<float>(n));
        values.push_back(static_cast<float>(t));
      }
    return values;
  }
  // What comes back, after a look at its form.
  std::vector<float> asked(FrozenRows& kept, const std::vector<int64_t>& numbers) {
    const Tensor given = kept(examples(numbers), [this](std::span<const int64_t> some) {
      computed.emplace_back(some.begin(), some.end());
      const std::vector<float> values = rows(some);
      return Tensor::from_host(values, {std::ssize(values) / 2, 2}, Device::from_environment());
    });
    CHECK(given.size(1) == 2);
    return given.to_host<float>();
  }
};

constexpr int64_t row_bytes = 2 * sizeof(float), plenty = 1'000'000;

}  // namespace

TEST_CASE("frozen rows: each example is computed once, in whatever order it is asked for") {
  Model model{{3, 1, 4, 2, 5}};
  FrozenRows kept;
  const FrozenRows::Plan plan = kept.keep(model.examples({0, 1, 2, 3, 4, 2}), row_bytes, plenty, 1);
  CHECK(plan.examples == 5);
  CHECK(plan.kept == 5);
  CHECK(plan.bytes == 15 * row_bytes);
  CHECK(model.computed.empty());
  for (const std::vector<int64_t>& batch : {std::vector<int64_t>{4, 0}, {1, 4, 2}, {3, 2, 2, 1, 0}})
    CHECK(model.asked(kept, batch) == model.rows(batch));
  std::vector<int64_t> all;
  for (const std::vector<int64_t>& together : model.computed) all.insert(all.end(), together.begin(), together.end());
  std::ranges::sort(all);
  CHECK(all == std::vector<int64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("frozen rows: an example is computed with the same others, whichever is asked for first") {
  std::vector<std::vector<std::vector<int64_t>>> partners;
  for (const std::vector<int64_t>& order : {std::vector<int64_t>{0, 1, 2, 3, 4}, {3, 4, 1, 2, 0}}) {
    Model model{{3, 1, 4, 2, 5}};
    FrozenRows kept;
    kept.keep(model.examples({0, 1, 2, 3, 4}), row_bytes, plenty, 6);
    for (const int64_t example : order) CHECK(model.asked(kept, {example}) == model.rows(std::vector{example}));
    std::ranges::sort(model.computed);
    for (const std::vector<int64_t>& together : model.computed) {
      int64_t rows = 0;
      for (const int64_t n : together) rows += model.lengths[static_cast<size_t>(n)];
      CHECK(rows <= 6);
    }
    partners.push_back(model.computed);
  }
  CHECK(partners[0] == partners[1]);
  CHECK(partners[0].size() < 5);
}

TEST_CASE("frozen rows: what does not fit is computed each time, and stands in its place") {
  Model model{{3, 1, 4, 2, 5}};
  FrozenRows kept;
  const FrozenRows::Plan plan = kept.keep(model.examples({0, 1, 2, 3, 4}), row_bytes, 6 * row_bytes, 0);
  CHECK(plan.examples == 5);
  CHECK(plan.kept == 3);  // 0, 1 and, where 2 has no room, 3
  CHECK(plan.bytes == 6 * row_bytes);
  for (int time = 0; time < 2; ++time)
    for (const std::vector<int64_t>& batch : {std::vector<int64_t>{4, 0, 2, 3, 2}, {2, 4}, {0, 1}})
      CHECK(model.asked(kept, batch) == model.rows(batch));
  CHECK(std::ranges::count(model.computed, std::vector<int64_t>{4, 2, 2}) == 2);
  CHECK(std::ranges::count(model.computed, std::vector<int64_t>{2, 4}) == 2);
  CHECK(model.computed.size() == 5);
  FrozenRows nothing;
  CHECK(nothing.keep(model.examples({0}), row_bytes, 0, 0).kept == 0);
  CHECK_FALSE(nothing.keeps_any());
}

TEST_CASE("frozen rows: what is forgotten is computed anew, what is kept later has room of its own") {
  Model model{{3, 1, 4}};
  FrozenRows kept;
  kept.keep(model.examples({0, 1}), row_bytes, 4 * row_bytes, 0);
  const FrozenRows::Plan more = kept.keep(model.examples({0, 2}), row_bytes, 4 * row_bytes, 0);
  CHECK(more.examples == 1);
  CHECK(more.kept == 1);
  const std::vector<int64_t> all{2, 1, 0};
  CHECK(model.asked(kept, all) == model.rows(all));
  CHECK(model.asked(kept, all) == model.rows(all));
  CHECK(model.computed.size() == 2);
  kept.of_version(1);  // other weights
  CHECK(model.asked(kept, all) == model.rows(all));
  CHECK(model.computed.size() == 4);
  kept.of_version(1);
  CHECK(model.asked(kept, all) == model.rows(all));
  CHECK(model.computed.size() == 4);
}
