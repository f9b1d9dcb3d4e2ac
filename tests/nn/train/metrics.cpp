// SPDX-License-Identifier: Apache-2.0
// Metrics against values worked out by hand (and with scikit-learn and scipy for the correlations).
#include "nn/train/metrics.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

using namespace thaw;

TEST_CASE("metrics: accuracy, macro F1 and Matthews correlation of three classes") {
  const std::vector<int32_t> truth{0, 0, 0, 1, 1, 2}, predicted{0, 0, 1, 1, 2, 2};
  CHECK(accuracy(predicted, truth) == doctest::Approx(4.0 / 6));
  // F1 of the classes: 2*2/(2+3), 2*1/(2+2), 2*1/(2+1)
  CHECK(macro_f1(predicted, truth, 3) == doctest::Approx((0.8 + 0.5 + 2.0 / 3) / 3));
  // (4 * 6 - 12) / sqrt((36 - 12) * (36 - 14))
  CHECK(matthews_correlation(predicted, truth, 3) == doctest::Approx(12 / std::sqrt(24.0 * 22)));
  CHECK(macro_f1(predicted, truth, 5) == doctest::Approx(macro_f1(predicted, truth, 3)));
  CHECK(matthews_correlation(std::vector<int32_t>{0, 0}, std::vector<int32_t>{0, 1}, 2) == 0);
  CHECK_THROWS_WITH_AS(macro_f1(predicted, truth, 2), "metrics: row 4: class 2 or 1 is not in [0, 2)",
                       std::invalid_argument);
  CHECK(accuracy({}, {}) == 0);
}

TEST_CASE("metrics: correlations") {
  const std::vector<double> a{1, 2, 3, 4, 5}, b{2, 1, 4, 3, 7}, tied{1, 1, 2, 2, 3};
  CHECK(pearson(a, b) == doctest::Approx(0.8241633837));
  CHECK(spearman(a, b) == doctest::Approx(0.8));
  CHECK(spearman(a, tied) == doctest::Approx(0.9486832981));
  CHECK(pearson(a, std::vector<double>(5, 1.0)) == 0);
}

TEST_CASE("metrics: multi-label scores") {
  const std::vector<uint8_t> truth{1, 0, 1, 0, 1, 0}, predicted{1, 0, 0, 0, 1, 0};
  const MultiLabelScores s = multi_label_scores(predicted, truth, 3);
  CHECK(s.micro_f1 == doctest::Approx(0.8));
  CHECK(s.macro_f1 == doctest::Approx((1 + 1 + 0) / 3.0));
  CHECK(s.subset_accuracy == doctest::Approx(0.5));
}

TEST_CASE("metrics: direction") {
  CHECK(larger_is_better("accuracy"));
  CHECK_FALSE(larger_is_better("loss"));
  CHECK_FALSE(larger_is_better("mean_squared_error"));
  CHECK_FALSE(larger_is_better("perplexity"));
  CHECK_FALSE(larger_is_better("bits_per_byte"));
}
