// SPDX-License-Identifier: Apache-2.0
// Pairs in order, against all pairs looked at one by one.
#include "models/metrics/pair_order.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "tensor/random_key.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

PairOrder one_by_one(const std::vector<double>& said, const std::vector<double>& truth) {
  PairOrder order;
  for (size_t i = 0; i < truth.size(); ++i)
    for (size_t j = 0; j < truth.size(); ++j) {
      if (truth[i] <= truth[j]) continue;
      order += {said[i] > said[j] ? 1.0 : said[i] == said[j] ? 0.5 : 0.0, 1};
    }
  return order;
}

// Whole numbers below `most`, so that some are equal.
std::vector<double> drawn(uint64_t seed, size_t count, uint32_t most) {
  std::vector<double> numbers;
  for (uint64_t i = 0; i < count; ++i) numbers.push_back(random_words({seed, 0}, i)[0] % most);
  return numbers;
}

}  // namespace

TEST_CASE("pair order: as many pairs are right as are found one by one, ties and all") {
  for (const size_t count : {size_t{2}, size_t{3}, size_t{17}, size_t{200}})
    for (const uint32_t most : {2u, 5u, 1000u}) {
      CAPTURE(count);
      CAPTURE(most);
      const std::vector<double> said = drawn(most, count, most), truth = drawn(most + 1, count, 4);
      const PairOrder found = pair_order(said, truth), expected = one_by_one(said, truth);
      CHECK(found.pairs == expected.pairs);
      CHECK(found.right == expected.right);
    }
}

TEST_CASE("pair order: the right order, the wrong one, none") {
  const std::vector<double> up{1, 2, 3, 4}, down{4, 3, 2, 1}, even{7, 7, 7, 7};
  CHECK(pair_order(up, up).share() == 1);
  CHECK(pair_order(down, up).share() == 0);
  CHECK(pair_order(even, up).share() == 0.5);
  CHECK(pair_order(up, even).pairs == 0);
  CHECK(pair_order(up, even).share() == 0);
  CHECK(pair_order({}, {}).pairs == 0);
  CHECK(error_of([&] { pair_order(up, std::vector<double>{1}); }) == "metrics: 4 numbers for 1 truths");
}
