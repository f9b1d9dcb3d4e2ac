// SPDX-License-Identifier: Apache-2.0
// Batches: every example once an epoch, limits kept, the same seed gives the same order.
#include "nn/train/batches.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

using namespace thaw;

namespace {

std::vector<int64_t> some_lengths(int64_t n) {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < n; ++i) lengths.push_back(3 + (i * 37) % 101);
  return lengths;
}

std::vector<int64_t> all_examples(const std::vector<StepBatch>& steps) {
  std::vector<int64_t> all;
  for (const StepBatch& step : steps)
    for (const int64_t e : step.examples()) all.push_back(e);
  return all;
}

}  // namespace

TEST_CASE("batches: an epoch has every example once, within the limits") {
  const auto lengths = some_lengths(257);
  const BatchOptions options{.batch_size = 8, .accumulation = 2, .batch_tokens = 300, .bucket_steps = 4};
  const auto steps = epoch_steps(lengths, options, 7, 0);
  CHECK(steps.size() == 17);
  auto all = all_examples(steps);
  std::sort(all.begin(), all.end());
  std::vector<int64_t> expected(lengths.size());
  std::iota(expected.begin(), expected.end(), int64_t{0});
  CHECK(all == expected);
  for (const StepBatch& step : steps)
    for (const auto& micro : step.micro_batches) {
      int64_t tokens = 0;
      for (const int64_t e : micro) tokens += lengths[static_cast<size_t>(e)];
      CHECK(micro.size() <= 8);
      CHECK((tokens <= 300 || micro.size() == 1));
    }
}

TEST_CASE("batches: seed and epoch decide the order, and nothing else does") {
  const auto lengths = some_lengths(100);
  const BatchOptions options{.batch_size = 10};
  const auto first = all_examples(epoch_steps(lengths, options, 1, 0));
  CHECK(first == all_examples(epoch_steps(lengths, options, 1, 0)));
  CHECK(first != all_examples(epoch_steps(lengths, options, 1, 1)));
  CHECK(first != all_examples(epoch_steps(lengths, options, 2, 0)));
}

TEST_CASE("batches: buckets bring like lengths together") {
  const auto lengths = some_lengths(1000);
  const auto spread = [&](const BatchOptions& options) {
    int64_t sum = 0;
    for (const StepBatch& step : epoch_steps(lengths, options, 3, 0)) {
      const auto examples = step.examples();
      const auto [low, high] = std::minmax_element(examples.begin(), examples.end(), [&](int64_t a, int64_t b) {
        return lengths[static_cast<size_t>(a)] < lengths[static_cast<size_t>(b)];
      });
      sum += lengths[static_cast<size_t>(*high)] - lengths[static_cast<size_t>(*low)];
    }
    return sum;
  };
  CHECK(spread({.batch_size = 10, .bucket_steps = 10}) * 3 < spread({.batch_size = 10, .bucket_steps = 1}));
}

TEST_CASE("batches: a small data set is cut anew in every epoch") {
  const auto lengths = some_lengths(80);
  const auto batches = [&](int64_t epoch) {
    std::set<std::set<int64_t>> all;
    for (const StepBatch& step : epoch_steps(lengths, {.batch_size = 32}, 3, epoch)) {
      const auto examples = step.examples();
      all.insert({examples.begin(), examples.end()});
    }
    return all;
  };
  const auto first = batches(0);
  for (const auto& batch : batches(1)) CHECK(first.count(batch) == 0);
}

TEST_CASE("batches: drop_last leaves out the smaller step") {
  const auto lengths = some_lengths(25);
  CHECK(epoch_steps(lengths, {.batch_size = 10}, 1, 0).size() == 3);
  CHECK(epoch_steps(lengths, {.batch_size = 10, .drop_last = true}, 1, 0).size() == 2);
  CHECK_THROWS_AS(epoch_steps(lengths, {.batch_size = 0}, 1, 0), std::invalid_argument);
}

TEST_CASE("batches: evaluation goes from long to short") {
  const auto lengths = some_lengths(50);
  int64_t last = 1 << 20, count = 0;
  for (const auto& batch : evaluation_batches(lengths, {.batch_size = 7, .batch_tokens = 200}))
    for (const int64_t e : batch) {
      CHECK(lengths[static_cast<size_t>(e)] <= last);
      last = lengths[static_cast<size_t>(e)];
      ++count;
    }
  CHECK(count == 50);
}

TEST_CASE("batches: a permutation holds each number once") {
  auto p = permutation(1000, 5, 6);
  CHECK(p != permutation(1000, 5, 7));
  std::sort(p.begin(), p.end());
  for (int64_t i = 0; i < 1000; ++i) REQUIRE(p[static_cast<size_t>(i)] == i);
  CHECK(permutation(0, 1, 1).empty());
}
