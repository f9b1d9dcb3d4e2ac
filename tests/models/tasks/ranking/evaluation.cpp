// SPDX-License-Identifier: Apache-2.0
// Pairs in order within groups, correlations, ties, numbers that are none.
#include "models/tasks/ranking/evaluation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace thaw;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("ranking evaluation: pairs are those of a group, correlations the mean of the groups") {
  // In the first group one of three pairs is wrong, in the second the only one is a tie; the last has no pair.
  const ScoredEvaluation evaluation({5, 7, 9, 1, 1, 4, 3}, {1, 3, 2, 8, 9, 6, 6}, {0, 0, 0, 1, 1, 2, 2}, 0.25);
  CHECK(evaluation.size() == 7);
  const Metrics metrics = evaluation.metrics();
  CHECK(metrics.at("loss") == 0.25);
  CHECK(metrics.at("pair_accuracy") == doctest::Approx(2.5 / 4));
  CHECK(metrics.at("spearman") == doctest::Approx((0.5 + 0) / 2));
  // A sample, one of it twice: the pair of 5 and 7 counts twice.
  const Metrics sample = evaluation.scores(std::vector<int64_t>{0, 1, 1, 3});
  CHECK(sample.at("pair_accuracy") == 1);
  CHECK(evaluation.scores(std::vector<int64_t>{0, 3, 5, 6}).at("pair_accuracy") == 0);
}

TEST_CASE("ranking evaluation: a row is as wrong as its place is off") {
  const ScoredEvaluation evaluation({5, 7, 9, 8}, {1, 4, 2, 3}, {0, 0, 0, 0}, 0);
  CHECK(evaluation.judgement(0).wrongness == 0);
  CHECK(evaluation.judgement(1).wrongness == doctest::Approx(2.0 / 3));
  CHECK(evaluation.judgement(2).wrongness == doctest::Approx(2.0 / 3));
  CHECK(evaluation.judgement(3).wrongness == 0);
  CHECK(evaluation.judgement(1).truth == "4");
  CHECK(evaluation.judgement(1).said == "7");
}

TEST_CASE("ranking evaluation: of pairs those count whose first is ahead, ties half") {
  const PreferenceEvaluation evaluation({2, 1, 0, 3}, {1, 2, 0, 1}, 0.5);
  CHECK(evaluation.metrics().at("pair_accuracy") == doctest::Approx(2.5 / 4));
  CHECK(evaluation.scores(std::vector<int64_t>{0, 0, 1}).at("pair_accuracy") == doctest::Approx(2.0 / 3));
  CHECK(evaluation.judgement(0).wrongness == 0);
  CHECK(evaluation.judgement(1).wrongness == 1);
  CHECK(evaluation.judgement(1).said == "1 and 2");
}

TEST_CASE("ranking evaluation: a model whose numbers are none has no scores") {
  const ScoredEvaluation of_rows({1, unknown}, {1, 2}, {0, 0}, unknown);
  const PreferenceEvaluation of_pairs({unknown}, {1}, unknown);
  CHECK(std::isnan(of_rows.metrics().at("pair_accuracy")));
  CHECK(std::isnan(of_rows.metrics().at("spearman")));
  CHECK(std::isnan(of_rows.judgement(0).wrongness));
  CHECK(std::isnan(of_pairs.metrics().at("pair_accuracy")));
}
