// SPDX-License-Identifier: Apache-2.0
// Multinomial logistic regression on sparse rows.
#pragma once

#include <cstddef>
#include <vector>

#include "examples/data/sparse.h"

namespace thaw {

// p(k | x) = softmax(x W + b)[k]. Fitted to the least of C * sum of cross-entropies + |W|^2 / 2; b is not penalised.
// The same optimum as scikit-learn's LogisticRegression(C=c).
class LogisticRegression {
 public:
  // `labels`: one a row, in [0, classes). Throws std::invalid_argument where they do not fit.
  LogisticRegression(const SparseMatrix& x, const std::vector<int>& labels, int classes, double c);

  // The likelihood of each class, for one row.
  std::vector<double> probabilities(const std::vector<SparseEntry>& row) const;

  // The likeliest class of each row.
  std::vector<int> predict(const SparseMatrix& x) const;

 private:
  size_t classes_;
  std::vector<double> weights_;  // [columns + 1, classes]: the last row is b
};

}  // namespace thaw
