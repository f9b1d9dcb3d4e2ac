// SPDX-License-Identifier: Apache-2.0
// Pairs judged by their vectors: in blocks the same as at once, and a pair that is drawn twice is not its own wrong
// answer.
#include "models/tasks/embed/pair_vectors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "models/metrics/bootstrap.h"
#include "models/metrics/ranking.h"
#include "models/tasks/embed/evaluation.h"
#include "tensor/random_key.h"

using namespace thaw;

namespace {

std::vector<float> unit_vectors(int64_t count, int64_t width, uint64_t seed) {
  std::vector<float> all;
  for (int64_t row = 0; row < count; ++row) {
    std::vector<float> numbers;
    double square = 0;
    for (int64_t i = 0; i < width; ++i) {
      const uint32_t word = random_words({seed, 0}, static_cast<uint64_t>(row * width + i))[0];
      numbers.push_back(static_cast<float>(static_cast<double>(word) / 2147483648.0 - 1));
      square += static_cast<double>(numbers.back()) * static_cast<double>(numbers.back());
    }
    for (const float number : numbers) all.push_back(number / static_cast<float>(std::sqrt(square)));
  }
  return all;
}

PairVectors some_pairs(int64_t count) { return {4, unit_vectors(count, 4, 1), unit_vectors(count, 4, 2), {}}; }

EmbedEvaluation evaluation_of(const PairVectors& pairs) {
  const Device device = Device::open("reference");
  return {cosines_of(pairs), {}, partner_ranks(pairs, device), mean_contrast(pairs, {}, device)};
}

}  // namespace

TEST_CASE("pair vectors: ranks in blocks are those of all cosines at once") {
  const PairVectors pairs = some_pairs(13);
  std::vector<int64_t> expected;
  for (int64_t q = 0; q < 13; ++q) {
    std::vector<float> cosines;
    for (int64_t c = 0; c < 13; ++c) {
      float sum = 0;
      for (int64_t i = 0; i < 4; ++i)
        sum += pairs.rows(pairs.first, q, 1)[static_cast<size_t>(i)] *
               pairs.rows(pairs.second, c, 1)[static_cast<size_t>(i)];
      cosines.push_back(sum);
    }
    expected.push_back(rank_of(cosines, q));
  }
  for (const int64_t block : {1, 5, 13, 100}) CHECK(partner_ranks(pairs, Device::open("reference"), block) == expected);
}

TEST_CASE("pair vectors: equal vectors are equally near wherever they stand") {
  constexpr int64_t count = 100;
  PairVectors pairs{.width = 32, .first = {}, .second = {}, .negatives = {}};
  for (int64_t i = 0; i < count * pairs.width; ++i) {
    pairs.first.push_back(static_cast<float>(std::sin(0.7 * static_cast<double>(i))) / 4);
    pairs.second.push_back(static_cast<float>(std::cos(1.3 * static_cast<double>(i % pairs.width))) / 4);  // all alike
  }
  const std::vector<int64_t> last(count, count);
  for (const int64_t block : {7, 64, 512}) CHECK(partner_ranks(pairs, Device::from_environment(), block) == last);
  // Numbers that are none find nothing.
  std::ranges::fill(pairs.first, std::numeric_limits<float>::quiet_NaN());
  CHECK(partner_ranks(pairs, Device::from_environment()) == last);
}

TEST_CASE("pair vectors: a pair that a sample has twice keeps its rank") {
  PairVectors pairs = some_pairs(30);
  pairs.second = pairs.first;
  const EmbedEvaluation evaluation = evaluation_of(pairs);
  const std::vector<int64_t> twice{0, 0, 7, 7, 7};
  CHECK(evaluation.scores(twice).at("recall_at_1") == 1);
  CHECK(evaluation.scores(twice).at("mrr") == 1);
  const auto intervals = bootstrap_intervals(
      30, [&](std::span<const int64_t> which) { return evaluation.scores(which); }, {.samples = 20});
  CHECK(intervals.at("recall_at_1").low == 1);
  CHECK(intervals.at("recall_at_1").high == 1);
}

TEST_CASE("pair vectors: the loss is over equal parts of at least so many pairs; negatives are candidates, too") {
  const Device device = Device::open("reference");
  PairVectors pairs = some_pairs(7);
  const auto loss = [&](int64_t block) { return mean_contrast(pairs, {}, device, block); };
  CHECK(loss(4) == doctest::Approx(loss(7)));  // one part
  CHECK(loss(4) == doctest::Approx(loss(100)));
  CHECK(loss(3) < loss(7));
  CHECK(loss(1) == doctest::Approx(0));
  const double alone = loss(7);
  pairs.negatives = unit_vectors(7, 4, 3);
  CHECK(loss(7) > alone);
}
