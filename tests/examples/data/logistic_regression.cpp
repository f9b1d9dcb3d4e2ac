// SPDX-License-Identifier: Apache-2.0
// L-BFGS on functions with a known least point; the regression against scikit-learn 1.9's LogisticRegression.
#include "examples/data/logistic_regression.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "examples/data/baseline.h"
#include "examples/data/lbfgs.h"

using namespace thaw;

TEST_CASE("lbfgs: an ill-conditioned quadratic form") {
  const auto f = [](const std::vector<double>& x, std::vector<double>& g) {
    double value = 3;
    for (size_t i = 0; i < x.size(); ++i) {
      const double scale = std::pow(10, static_cast<double>(i) / 2), off = x[i] - static_cast<double>(i);
      value += scale / 2 * off * off;
      g[i] = scale * off;
    }
    return value;
  };
  std::vector<double> x(8, -5.0);
  CHECK(minimize(f, x, {.tolerance = 1e-10}) == doctest::Approx(3).epsilon(1e-14));
  for (size_t i = 0; i < x.size(); ++i) CHECK(std::abs(x[i] - static_cast<double>(i)) < 1e-9);

  std::vector<double> stopped(8, -5.0);
  CHECK(minimize(f, stopped, {.iterations = 2}) > 3.1);
}

TEST_CASE("logistic regression: probabilities of a small problem") {
  const SparseMatrix x{3, {{{0, 1}}, {{0, 0.5}, {1, 1}}, {{1, 2}}, {{2, 1}}, {{0, 1}, {2, 1}}, {{1, 0.5}, {2, -1}}}};
  const std::vector<int> labels = {0, 0, 1, 2, 2, 1};
  const auto check_probabilities = [](const std::vector<double>& p, const std::vector<double>& expected) {
    REQUIRE(p.size() == expected.size());
    for (size_t k = 0; k < p.size(); ++k) CHECK(std::abs(p[k] - expected[k]) < 1e-4);
  };
  const LogisticRegression strict(x, labels, 3, 1);
  check_probabilities(strict.probabilities({{0, 1}}), {0.499944352, 0.177087370, 0.322968278});
  check_probabilities(strict.probabilities({{1, 1}, {2, 1}}), {0.248908352, 0.257079799, 0.494011849});
  const LogisticRegression loose(x, labels, 3, 30);
  check_probabilities(loose.probabilities({{0, 1}}), {0.918787477, 0.004067931, 0.077144592});
  check_probabilities(loose.probabilities({{1, 1}, {2, 1}}), {0.058205150, 0.025051167, 0.916743683});
  CHECK(loose.predict(x) == labels);
}

TEST_CASE("logistic regression: arguments that do not fit") {
  const SparseMatrix x{1, {{{0, 1}}}};
  CHECK_THROWS_AS(LogisticRegression(x, {0, 1}, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(LogisticRegression(x, {2}, 2, 1), std::invalid_argument);
  CHECK_THROWS_AS(LogisticRegression(x, {0}, 2, 0), std::invalid_argument);
}

TEST_CASE("baseline: words that tell the class; a class that training has not seen is a miss") {
  const LabelledTexts train{{"red apple", "green apple", "fast car", "slow car"},
                            {"fruit", "fruit", "vehicle", "vehicle"}};
  CHECK(tfidf_accuracy(train, {{"an apple", "my car"}, {"fruit", "vehicle"}}, 30) == 1);
  CHECK(tfidf_accuracy(train, {{"an apple", "my car"}, {"fruit", "animal"}}, 30) == 0.5);
}

TEST_CASE("labelled texts: samples, majority") {
  const std::vector<std::string> labels = {"b", "a", "b", "a", "b", "c", "c"};
  const auto chosen = sample_per_class(labels, 2, 7);
  REQUIRE(chosen.size() == 6);
  CHECK(std::is_sorted(chosen.begin(), chosen.end()));
  for (const char* label : {"a", "b", "c"}) {
    int count = 0;
    for (const auto i : chosen) count += labels[i] == label;
    CHECK(count == 2);
  }
  CHECK(sample_per_class(labels, 2, 7) == chosen);
  bool differs = false;
  for (uint64_t seed = 0; seed < 20; ++seed) differs = differs || sample_per_class(labels, 2, seed) != chosen;
  CHECK(differs);
  CHECK_THROWS_WITH_AS(sample_per_class(labels, 3, 7), "the label \"a\" has 2 rows, fewer than 3", std::runtime_error);
  CHECK(majority_label(labels) == "b");
  CHECK(share_of(labels, "c") == doctest::Approx(2.0 / 7));
}
