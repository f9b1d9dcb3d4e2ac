// SPDX-License-Identifier: Apache-2.0
// Probabilities of logits of any size, without overflow.
#include "models/metrics/probabilities.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace thaw;

TEST_CASE("probabilities: a softmax adds up to 1, however large its logits are") {
  const std::vector<double> three = softmax(std::vector<float>{0, std::log(2.0F), std::log(5.0F)});
  for (size_t i = 0; i < 3; ++i) CHECK(three[i] == doctest::Approx(std::vector<double>{1, 2, 5}[i] / 8));
  CHECK(softmax(std::vector<double>{-1e9, 1e9, 1e9}) == std::vector<double>{0, 0.5, 0.5});
  CHECK(softmax(std::vector<float>{3e38F}) == std::vector<double>{1});
}

TEST_CASE("probabilities: softplus is minus the logarithm of a sigmoid, and follows x where that is 0") {
  for (const double x : {-3.0, -0.5, 0.0, 0.5, 3.0}) CHECK(softplus(x) == doctest::Approx(-std::log(sigmoid(-x))));
  CHECK(softplus(1000) == 1000);
  CHECK(softplus(-1000) == 0);
  CHECK(sigmoid(-1000) == 0);
  CHECK(sigmoid(1000) == 1);
}
