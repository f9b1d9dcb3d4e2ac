// SPDX-License-Identifier: Apache-2.0
// Classes and ranks against scikit-learn; intervals by resampling.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include "models/metrics/bootstrap.h"
#include "models/metrics/classes.h"
#include "models/metrics/ranking.h"
#include "tests/models/metrics/made_cases.h"

using namespace thaw;

namespace {

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-12); }

std::vector<int32_t> classes_of(const Json& json, const char* key) {
  const std::vector<int64_t> wide = json.get_ints(key);
  return {wide.begin(), wide.end()};
}

}  // namespace

TEST_CASE("classes: confusion matrix and report") {
  const size_t count = for_each_case("classes.jsonl", [](const Json& expected) {
    const auto classes = static_cast<int32_t>(expected.get_int("classes"));
    ConfusionMatrix matrix(classes);
    matrix.add(classes_of(expected, "truth"), classes_of(expected, "predicted"));
    const ClassReport report = class_report(matrix);
    const Json& each = expected.get_array("each");
    for (int32_t i = 0; i < classes; ++i) {
      for (int32_t j = 0; j < classes; ++j)
        CHECK(matrix.at(i, j) == expected.get_array("matrix").get_array(i).get_int(j));
      const PrecisionRecall& one = report.classes[static_cast<size_t>(i)];
      CHECK(one.precision == near(each.get_array(0).get_number(i)));
      CHECK(one.recall == near(each.get_array(1).get_number(i)));
      CHECK(one.f1 == near(each.get_array(2).get_number(i)));
      CHECK(one.support == each.get_array(3).get_int(i));
    }
    check_scores(report.macro, expected.at("macro"));
    check_scores(report.weighted, expected.at("weighted"));
    CHECK(report.accuracy == near(expected.get_number("accuracy")));
  });
  CHECK(count >= 10);
}

TEST_CASE("classes: what is no class is refused") {
  ConfusionMatrix matrix(2);
  CHECK(class_report(matrix).accuracy == 0);
  CHECK_THROWS_WITH_AS(matrix.add(0, 2), "confusion matrix: class 2 is not in [0, 2)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(matrix.add(-1, 0), "confusion matrix: class -1 is not in [0, 2)", std::invalid_argument);
  const std::vector<int32_t> one{1}, none;
  CHECK_THROWS_AS(matrix.add(one, none), std::invalid_argument);
  CHECK(matrix.total() == 0);
}

TEST_CASE("ranking: recall, reciprocal rank") {
  const size_t count = for_each_case("ranking.jsonl", [](const Json& expected) {
    const std::vector<int64_t> right = expected.get_ints("right");
    std::vector<int64_t> ranks;
    for (const Json& row : expected.get_array("scores").items()) {
      std::vector<float> scores;
      for (const Json& score : row.items()) scores.push_back(static_cast<float>(score.as_number()));
      ranks.push_back(rank_of(scores, right[ranks.size()]));
    }
    CHECK(mean_reciprocal_rank(ranks) == near(expected.get_number("mrr")));
    if (!expected.contains("recall_1")) return;
    CHECK(recall_at(ranks, 1) == near(expected.get_number("recall_1")));
    CHECK(recall_at(ranks, 5) == near(expected.get_number("recall_5")));
  });
  CHECK(count >= 10);
}

TEST_CASE("ranking: equal scores, no numbers, nothing") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> equal{1, 1, 1}, with_nan{nan, 2, 1};
  CHECK(rank_of(equal, 0) == 3);
  CHECK(rank_of(with_nan, 1) == 2);
  CHECK(rank_of(with_nan, 0) == 3);
  CHECK_THROWS_WITH_AS(rank_of(equal, 3), "rank_of: candidate 3 is not in [0, 3)", std::invalid_argument);
  CHECK(recall_at({}, 1) == 0);
}

TEST_CASE("bootstrap: quantiles as NumPy computes them") {
  const std::vector<double> values{2.022, -0.2,  -0.379, 0.558, -0.5,  0.025, 0.56,
                                   1.478, 1.867, 1.928,  2.866, 1.758, -1.023};
  CHECK(quantile(values, 0) == -1.023);
  CHECK(quantile(values, 0.025) == near(-0.8660999999999999));
  CHECK(quantile(values, 0.5) == 0.56);
  CHECK(quantile(values, 0.975) == near(2.6127999999999996));
  CHECK(quantile(values, 1) == 2.866);
  CHECK(quantile({7}, 0.3) == 7);
  CHECK(std::isnan(quantile({1, std::nan("")}, 0.5)));
  CHECK_THROWS_AS(quantile({}, 0.5), std::invalid_argument);
}

TEST_CASE("bootstrap: the interval of a mean") {
  constexpr int64_t count = 400;
  int64_t asked = 0;
  const auto metrics = [&](std::span<const int64_t> indices) {
    ++asked;
    REQUIRE(indices.size() == count);
    const auto [least, most] = std::ranges::minmax(indices);
    REQUIRE(least >= 0);
    REQUIRE(most < count);
    double sum = 0;
    for (const int64_t i : indices) sum += i % 4 == 0;
    const bool is_rare = asked % 7 == 0;  // known in most of the draws alone
    return Metrics{
        {"share", sum / count}, {"unknown", std::nan("")}, {"often known", is_rare ? std::nan("") : sum / count}};
  };
  const auto intervals = bootstrap_intervals(count, metrics, {.seed = 3});
  CHECK(asked == 1000);
  const double deviation = std::sqrt(0.25 * 0.75 / count);  // the normal approximation: 1.96 of these on either side
  CHECK(intervals.at("share").low == doctest::Approx(0.25 - 1.96 * deviation).epsilon(0.03));
  CHECK(intervals.at("share").high == doctest::Approx(0.25 + 1.96 * deviation).epsilon(0.03));
  CHECK(std::isnan(intervals.at("unknown").low));
  CHECK(intervals.at("often known").low == doctest::Approx(intervals.at("share").low).epsilon(0.03));
  CHECK(intervals.at("often known").high == doctest::Approx(intervals.at("share").high).epsilon(0.03));
  const auto again = bootstrap_intervals(count, metrics, {.seed = 3}), other = bootstrap_intervals(count, metrics, {});
  CHECK(again.at("share").low == intervals.at("share").low);
  CHECK(again.at("share").high == intervals.at("share").high);
  CHECK((other.at("share").low != intervals.at("share").low || other.at("share").high != intervals.at("share").high));
  const auto narrow = bootstrap_intervals(count, metrics, {.confidence = 0.5, .seed = 3});
  CHECK(narrow.at("share").high - narrow.at("share").low < intervals.at("share").high - intervals.at("share").low);
}

TEST_CASE("bootstrap: what cannot be drawn is refused") {
  const auto metrics = [](std::span<const int64_t>) { return Metrics{}; };
  CHECK_THROWS_AS(bootstrap_intervals(0, metrics), std::invalid_argument);
  CHECK_THROWS_AS(bootstrap_intervals(1, metrics, {.samples = 0}), std::invalid_argument);
  CHECK_THROWS_AS(bootstrap_intervals(1, metrics, {.confidence = 1}), std::invalid_argument);
}
