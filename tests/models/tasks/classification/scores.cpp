// SPDX-License-Identifier: Apache-2.0
// Metrics of each kind of problem from logits.
#include "models/tasks/classification/scores.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace thaw;

TEST_CASE("scores: classes") {
  const std::vector<float> logits{2, 1, 0, /**/ 0, 3, 1, /**/ 0, 1, 2, /**/ 5, 5, 1};
  const Metrics m = score(ProblemType::single_label, logits, {{0, 1, 1, 0}, {}}, {"a", "b", "c"});
  CHECK(m.at("accuracy") == doctest::Approx(0.75));
  // Class 0: F1 1; class 1: precision 1, recall 1/2, F1 2/3; class 2: never true, once predicted, F1 0.
  CHECK(m.at("macro_f1") == doctest::Approx((1 + 2.0 / 3 + 0) / 3));
  CHECK(m.count("matthews_correlation") == 1);
  CHECK(likeliest(std::vector<float>{1, 1, 0}) == 0);
}

TEST_CASE("scores: several labels, from a logit of 0 on") {
  const std::vector<float> logits{1, -1, /**/ 1, 1, /**/ -1, -1};
  const Metrics m = score(ProblemType::multi_label, logits, {{}, {1, 0, 0, 1, 0, 1}}, {"a", "b"});
  CHECK(m.at("micro_f1") == doctest::Approx(2.0 * 2 / (2 * 2 + 1 + 1)));
  CHECK(m.at("subset_accuracy") == doctest::Approx(1.0 / 3));
}

TEST_CASE("scores: numbers") {
  const Metrics m = score(ProblemType::regression, std::vector<float>{1, 2, 4}, {{}, {2, 4, 5}}, {"LABEL_0"});
  CHECK(m.at("mean_absolute_error") == doctest::Approx(4.0 / 3));
  CHECK(m.at("spearman") == doctest::Approx(1));
  CHECK(m.at("pearson") == doctest::Approx(0.9285714));
}

TEST_CASE("scores: the names are those that are given, and a model that gives no numbers has no scores") {
  const ClassificationTargets targets{{0, 1}, {1, 0}};
  for (const ProblemType type : {ProblemType::single_label, ProblemType::multi_label, ProblemType::regression}) {
    const std::vector<std::string> labels(type == ProblemType::single_label ? 2 : 1, "a");
    std::vector<float> logits(2 * labels.size(), 0.5f);
    std::vector<std::string> names{"loss"};
    for (const auto& [name, value] : score(type, logits, targets, labels)) {
      CHECK(std::isfinite(value));
      names.insert(name < "loss" ? names.end() - 1 : names.end(), name);
    }
    CHECK(names == metric_names(type, labels));
    for (const float odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      logits[1] = odd;
      const Metrics metrics = score(type, logits, targets, labels);
      CHECK(metrics.size() + 1 == names.size());
      for (const auto& [name, value] : metrics) CHECK(std::isnan(value));
    }
  }
}
