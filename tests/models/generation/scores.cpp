// SPDX-License-Identifier: Apache-2.0
// Passes over a row of scores against plain loops in double, at the sizes where lanes and pieces end.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "models/generation/search.h"
#include "tensor/random_key.h"

namespace thaw {
namespace {

std::vector<float> drawn(size_t size, double low, double high) {
  std::vector<float> scores(size);
  for (size_t i = 0; i < size; ++i)
    scores[i] = static_cast<float>(low + (high - low) * 0x1p-32 * random_words({3, size}, i)[0]);
  return scores;
}

}  // namespace

TEST_CASE("scores: the logarithm of the sum of exponentials is that of a plain loop") {
  for (const size_t size : {1, 2, 15, 16, 17, 511, 512, 513, 32128})
    for (const double width : {0.0, 1.0, 20.0, 200.0}) {
      std::vector<float> scores = drawn(size, -3 - width, -3 + width);
      if (size > 2) scores[size / 2] = -std::numeric_limits<float>::infinity();
      const auto greatest = static_cast<double>(*std::ranges::max_element(scores));
      double sum = 0;
      for (const float score : scores) sum += std::exp(static_cast<double>(score) - greatest);
      CAPTURE(size);
      CAPTURE(width);
      CHECK(std::abs(log_sum_exp(scores) - (greatest + std::log(sum))) < 2e-7);
    }
  const std::vector<float> none(20, -std::numeric_limits<float>::infinity());
  CHECK(log_sum_exp(none) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("scores: one that is no number, or +infinity, is found wherever it stands; -infinity is none") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const size_t size : {1, 2, 16, 17, 40, 1000})
    for (size_t place = 0; place < size; place += size < 50 ? 1 : 97) {
      std::vector<float> scores = drawn(size, -9, 9);
      for (const float good : {-infinity, std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()}) {
        scores[place] = good;
        CHECK_FALSE(has_overflow(scores));
      }
      for (const float bad : {infinity, std::nanf(""), -std::nanf("")}) {
        scores[place] = bad;
        CHECK(has_overflow(scores));
      }
    }
}

TEST_CASE("scores: the likeliest token is the first of the greatest") {
  for (const size_t size : {1, 2, 16, 17, 40, 1000})
    for (size_t place = 0; place < size; place += size < 50 ? 1 : 97) {
      std::vector<float> scores = drawn(size, -9, -1);
      scores[place] = 2;
      CHECK(likeliest_token(scores) == place);
      scores.back() = 2;
      CHECK(likeliest_token(scores) == place);
    }
}

}  // namespace thaw
