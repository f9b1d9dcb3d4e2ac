// SPDX-License-Identifier: Apache-2.0
// The regression: its objective for L-BFGS, and its predictions.
#include "examples/data/logistic_regression.h"

#include <algorithm>
#include <cmath>

#include "examples/data/lbfgs.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// log softmax(x W + b) for one row; `weights` as in the class.
std::vector<double> log_probabilities(const std::vector<SparseEntry>& row, const std::vector<double>& weights,
                                      size_t classes) {
  std::vector<double> scores(weights.end() - static_cast<ptrdiff_t>(classes), weights.end());
  for (const auto& entry : row) {
    const double* w = weights.data() + static_cast<size_t>(entry.column) * classes;
    for (size_t k = 0; k < classes; ++k) scores[k] += entry.value * w[k];
  }
  const double most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const double score : scores) sum += std::exp(score - most);
  const double log_sum = most + std::log(sum);
  for (double& score : scores) score -= log_sum;
  return scores;
}

}  // namespace

LogisticRegression::LogisticRegression(const SparseMatrix& x, const std::vector<int>& labels, int classes, double c)
    : classes_(static_cast<size_t>(classes)), weights_(static_cast<size_t>(x.columns + 1) * classes_, 0.0) {
  check(!x.rows.empty() && x.rows.size() == labels.size(), "logistic regression: {} rows with {} labels", x.rows.size(),
        labels.size());
  for (const int label : labels)
    check(label >= 0 && label < classes, "logistic regression: label {} of {} classes", label, classes);
  check(c > 0, "logistic regression: C must be above 0, but is {}", c);

  const double n = static_cast<double>(x.rows.size());
  const double penalty =
      1 / (c * n);  // the objective is divided by C n, so that its tolerance means the same for every size
  const size_t penalised = weights_.size() - classes_;
  const auto objective = [&](const std::vector<double>& w, std::vector<double>& gradient) {
    double value = 0;
    for (size_t i = 0; i < penalised; ++i) {
      value += penalty / 2 * w[i] * w[i];
      gradient[i] = penalty * w[i];
    }
    std::fill(gradient.begin() + static_cast<ptrdiff_t>(penalised), gradient.end(), 0.0);
    for (size_t i = 0; i < x.rows.size(); ++i) {
      auto p = log_probabilities(x.rows[i], w, classes_);
      const auto label = static_cast<size_t>(labels[i]);
      value -= p[label] / n;
      for (double& probability : p) probability = std::exp(probability) / n;
      p[label] -= 1 / n;
      for (const auto& entry : x.rows[i]) {
        double* g = gradient.data() + static_cast<size_t>(entry.column) * classes_;
        for (size_t k = 0; k < classes_; ++k) g[k] += entry.value * p[k];
      }
      for (size_t k = 0; k < classes_; ++k) gradient[penalised + k] += p[k];
    }
    return value;
  };
  minimize(objective, weights_);
}

std::vector<double> LogisticRegression::probabilities(const std::vector<SparseEntry>& row) const {
  auto p = log_probabilities(row, weights_, classes_);
  for (double& probability : p) probability = std::exp(probability);
  return p;
}

std::vector<int> LogisticRegression::predict(const SparseMatrix& x) const {
  std::vector<int> labels;
  for (const auto& row : x.rows) {
    const auto p = log_probabilities(row, weights_, classes_);
    labels.push_back(static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin()));
  }
  return labels;
}

}  // namespace thaw
