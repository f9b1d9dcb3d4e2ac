// SPDX-License-Identifier: Apache-2.0
// The losses of classifiers and regressors of whole texts. B examples, L labels.
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/variable.h"
#include "models/hub/problem_type.h"

namespace thaw {

// The truth about some examples, in their order.
struct ClassificationTargets {
  std::vector<int32_t> classes;  // single_label: [B]; -100: not counted
  std::vector<double> values;    // multi_label: 0 or 1, regression: numbers; [B, L] row-major
};

// logits [B, L] -> []: sum over the examples of their loss, divided by `count` (0: by their number; single_label: by
// the number of those that are counted). An example's loss is its cross-entropy, or the mean over the labels of the
// binary cross-entropy of sigmoid(logit), or of the squared error.
Variable classification_loss(ProblemType problem, const Variable& logits, const ClassificationTargets& targets,
                             double count = 0);

// The loss of answers of which each is true to some degree, whatever the others are: of an example the sum, not the
// mean, over the labels of their binary cross-entropies; values in [0, 1] (Kim et al. 2021, ViLT).
Variable answers_loss(const Variable& logits, const ClassificationTargets& targets, double count = 0);

// What a user reads: softmax, sigmoid, or (regression) the logits themselves.
Variable classification_scores(ProblemType problem, const Variable& logits);

}  // namespace thaw
