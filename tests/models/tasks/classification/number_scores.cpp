// SPDX-License-Identifier: Apache-2.0
// Scores of several numbers: each output's, and their means.
#include "models/tasks/classification/number_scores.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace thaw;
using Names = std::vector<std::string>;

TEST_CASE("number scores: of several outputs each has its own, and the mean is the metric") {
  // The first output is the truth's order and off by 1, the second is its reverse and off by 2, 0 and 2.
  const std::vector<float> said{2, 1, /**/ 3, 2, /**/ 4, 3};
  const std::vector<double> truth{1, 3, /**/ 2, 2, /**/ 3, 1};
  const Metrics m = score_numbers(said, truth, {"joy", "terror"});
  CHECK(m.at("pearson/joy") == doctest::Approx(1));
  CHECK(m.at("pearson/terror") == doctest::Approx(-1));
  CHECK(m.at("pearson") == doctest::Approx(0));
  CHECK(m.at("spearman/terror") == doctest::Approx(-1));
  CHECK(m.at("mean_absolute_error/joy") == doctest::Approx(1));
  CHECK(m.at("mean_absolute_error/terror") == doctest::Approx(4.0 / 3));
  CHECK(m.at("mean_absolute_error") == doctest::Approx(7.0 / 6));
  Names names;
  for (const auto& [name, value] : m) names.push_back(name);
  CHECK(names == number_metric_names({"joy", "terror"}));
  CHECK(larger_is_better("pearson/terror"));
  CHECK_FALSE(larger_is_better("mean_absolute_error/joy"));
}

TEST_CASE("number scores: one output has no name in its metrics, very many have none either") {
  CHECK(number_metric_names({"LABEL_0"}) == Names{"mean_absolute_error", "pearson", "spearman"});
  CHECK(number_metric_names(Names(300, "x")).size() == 3);
  CHECK(score_numbers(std::vector<float>(300, 1), std::vector<double>(300, 3), Names(300, "x")).size() == 3);
}
