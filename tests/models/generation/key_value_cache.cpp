// SPDX-License-Identifier: Apache-2.0
// The cache against lists of numbers: rows split, end, change their order.
#include "models/generation/key_value_cache.h"

#include <doctest/doctest.h>

#include <vector>

#include "tensor/ops.h"
#include "tests/error_of.h"

namespace thaw {
namespace {

// Keys of tokens [T, 2, 3] are ten times their number and on; their values the negative of that.
Tensor numbered(const std::vector<float>& tokens, float sign, Device device) {
  std::vector<float> cells;
  for (const float token : tokens)
    for (int c = 0; c < 6; ++c) cells.push_back(sign * (10 * token + static_cast<float>(c)));
  return Tensor::from_host(cells, {static_cast<int64_t>(tokens.size()), 2, 3}, device);
}

// The rows of a pool at the places, or all of them.
std::vector<float> in_order(const Tensor& pool, const Indices& places) {
  if (!places.device().defined()) return pool.to_host<float>();
  return gather_rows(pool.reshape({pool.size(0), 6}), places).to_host<float>();
}

}  // namespace

TEST_CASE("key-value cache: every row sees its own tokens in order, on every layer") {
  const Device device = Device::from_environment();
  KeyValueCache cache(2, device);
  for (int again = 0; again < 2; ++again) {
    const std::vector<int32_t> lengths{2, 1, 3};
    cache.start(lengths);
    float token = 0;
    std::vector<std::vector<float>> rows;  // the tokens that each is to see
    std::vector<float> fresh;
    for (const int32_t length : lengths) {
      rows.emplace_back();
      for (int32_t i = 0; i < length; ++i) rows.back().push_back(token), fresh.push_back(token++);
    }
    std::vector<std::vector<int32_t>> parents{{0, 0, 1, 2, 2, 2}, {1, 0, 2, 5, 3}, {2, 3, 3}, {2}};
    parents.resize(parents.size() + 40, {0});  // beyond the first room
    for (size_t step = 0; step <= parents.size(); ++step) {
      for (size_t layer = 0; layer < 2; ++layer) {
        const float sign = layer == 0 ? 1 : 2;
        const auto seen = cache.keep(layer, numbered(fresh, sign, device), numbered(fresh, -sign, device));
        std::vector<float> all;
        for (const std::vector<float>& row : rows) all.insert(all.end(), row.begin(), row.end());
        CHECK(in_order(seen.keys, seen.places) == numbered(all, sign, device).to_host<float>());
        CHECK(in_order(seen.values, seen.places) == numbered(all, -sign, device).to_host<float>());
        REQUIRE(seen.segments.count() == std::ssize(rows));
        for (size_t r = 0; r < rows.size(); ++r)
          CHECK(seen.segments.length(static_cast<int64_t>(r)) == std::ssize(rows[r]));
      }
      if (step == parents.size()) break;
      cache.step(parents[step]);
      std::vector<std::vector<float>> next;
      fresh.clear();
      for (const int32_t parent : parents[step]) {
        next.push_back(rows[static_cast<size_t>(parent)]);
        next.back().push_back(token);
        fresh.push_back(token++);
      }
      rows = next;
      CHECK(cache.size() == static_cast<int64_t>(token));
    }
  }
}

TEST_CASE("key-value cache: what a layer begins with stands before each row's own, once it is kept") {
  const Device device = Device::from_environment();
  KeyValueCache cache(2, device);
  cache.begin_with(1, numbered({70, 71}, 1, device), numbered({70, 71}, -1, device));
  for (int again = 0; again < 2; ++again) {
    cache.start(std::vector<int32_t>{2, 1});
    const Tensor first = numbered({0, 1, 2}, 1, device);
    cache.keep(0, first, first);
    const auto begun = cache.keep(1, first, numbered({0, 1, 2}, -1, device));
    CHECK(in_order(begun.keys, begun.places) == first.to_host<float>());
    cache.step(std::vector<int32_t>{1, 0, 0});
    const Tensor next = numbered({3, 4, 5}, 1, device);
    const auto without = cache.keep(0, next, next), seen = cache.keep(1, next, numbered({3, 4, 5}, -1, device));
    CHECK(in_order(without.keys, without.places) == numbered({2, 3, 0, 1, 4, 0, 1, 5}, 1, device).to_host<float>());
    const std::vector<float> all{70, 71, 2, 3, 70, 71, 0, 1, 4, 70, 71, 0, 1, 5};
    CHECK(in_order(seen.keys, seen.places) == numbered(all, 1, device).to_host<float>());
    CHECK(in_order(seen.values, seen.places) == numbered(all, -1, device).to_host<float>());
    CHECK(seen.segments.length(0) == 4);
    CHECK(without.segments.length(0) == 2);
    CHECK(cache.size() == 6);
  }
  CHECK(error_of<std::invalid_argument>([&] {
          cache.begin_with(2, numbered({1}, 1, device), numbered({1}, 1, device));
        }) == "KeyValueCache: layer 2 of 2");
}

TEST_CASE("key-value cache: rows that are not there and tensors that do not fit are refused") {
  const Device device = Device::open("reference");
  KeyValueCache cache(1, device);
  CHECK(error_of<std::invalid_argument>([&] {
          cache.start(std::vector<int32_t>{1, 0});
        }) == "KeyValueCache: row 1 begins without tokens");
  cache.start(std::vector<int32_t>{1, 1});
  const Tensor two = numbered({0, 1}, 1, device), three = numbered({0, 1, 2}, 1, device);
  CHECK_THROWS_AS(cache.keep(0, three, three), std::invalid_argument);
  CHECK_THROWS_AS(cache.keep(1, two, two), std::invalid_argument);
  cache.keep(0, two, two);
  CHECK(error_of<std::invalid_argument>([&] { cache.step(std::vector<int32_t>{2}); }) == "KeyValueCache: row 2 of 2");
}

}  // namespace thaw
