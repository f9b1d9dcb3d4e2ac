// SPDX-License-Identifier: Apache-2.0
// Which numbers are chosen, against sorting them.
#include "nn/freeze/element_choice.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace thaw;

namespace {

using Scores = std::vector<std::vector<float>>;
using Masks = std::vector<std::vector<uint8_t>>;

// Sorts all places by score, equal ones by place.
Masks by_sorting(const Scores& scores, const ElementChoice& choice) {
  Masks masks;
  std::vector<std::pair<size_t, size_t>> places;
  const auto take = [&] {
    std::ranges::stable_sort(places, [&](const auto& a, const auto& b) {
      const float x = scores[a.first][a.second], y = scores[b.first][b.second];
      return choice.smallest ? x < y : x > y;
    });
    for (int64_t i = 0; i < chosen_of(std::ssize(places), choice.keep); ++i)
      masks[places[static_cast<size_t>(i)].first][places[static_cast<size_t>(i)].second] = 1;
    places.clear();
  };
  for (size_t t = 0; t < scores.size(); ++t) {
    masks.emplace_back(scores[t].size(), uint8_t{0});
    for (size_t i = 0; i < scores[t].size(); ++i) places.emplace_back(t, i);
    if (choice.per_tensor) take();
  }
  take();
  return masks;
}

}  // namespace

TEST_CASE("element choice: a share of all, of each, of the largest or the smallest; equal scores in their order") {
  std::mt19937 random(3);
  for (int trial = 0; trial < 30; ++trial) {
    Scores scores;
    for (const size_t size : {size_t{1}, size_t{40}, size_t{0}, size_t{7}}) {
      scores.emplace_back();
      // Few different values, so that many are equal.
      for (size_t i = 0; i < size; ++i) scores.back().push_back(static_cast<float>(random() % 5) - 1);
    }
    for (const double keep : {0.001, 0.1, 0.5, 1.0})
      for (const bool smallest : {false, true})
        for (const bool per_tensor : {false, true}) {
          const ElementChoice choice{keep, smallest, per_tensor};
          CHECK(choose_elements(scores, choice) == by_sorting(scores, choice));
        }
  }
}

TEST_CASE("element choice: how many they are is known before") {
  CHECK(chosen_of(1000, 0.005) == 5);
  CHECK(chosen_of(1000, 1e-9) == 1);
  CHECK(chosen_of(1000, 1) == 1000);
  CHECK(chosen_of(10, 0.25) == 3);
  CHECK(chosen_of(0, 0.5) == 0);
}

TEST_CASE("element choice: what is no share and no score is refused") {
  const Scores scores{{1, 2}, {3, std::numeric_limits<float>::quiet_NaN()}};
  CHECK_THROWS_WITH_AS(choose_elements(scores, {.keep = 0.5}), "tensor 1: the score at place 1 is not finite",
                       std::invalid_argument);
  for (const double keep : {0.0, -0.5, 1.1, std::nan("")})
    CHECK_THROWS_AS(choose_elements(std::span(scores).first(1), {.keep = keep}), std::invalid_argument);
}
