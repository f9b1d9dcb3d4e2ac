// SPDX-License-Identifier: Apache-2.0
// The loss of choosing a class, where classes weigh differently or the truth is smoothed. N rows, C classes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "autograd/variable.h"

namespace thaw {

struct ClassLoss {
  std::vector<double> weights = {};  // of each class, positive; empty: all are 1
  double smoothing = 0;              // share of the truth that is spread evenly over all classes, in [0, 1)

  bool is_plain() const { return weights.empty() && smoothing == 0; }
  // What the rows of these classes weigh together: what their mean is divided by, as torch does it.
  double terms(std::span<const int32_t> classes) const;
};

// The cross-entropies of the rows, as torch weighs and smooths them (weighted_cross_entropy), divided by `count` (0: by
// terms(); 0 of 0 gives 0): logits [N, C] -> []. classes: [N], -100 is not counted. Where classes weigh differently,
// what is smoothed onto a class weighs as that class.
Variable class_loss(const Variable& logits, const std::vector<int32_t>& classes, const ClassLoss& how,
                    double count = 0);

// Of how many rows each class has: the rows of each class weigh alike in all, and a row weighs 1 on average
// (scikit-learn's "balanced": rows / (classes * count)). A class without rows weighs 1, and is not counted.
std::vector<double> balanced_weights(std::span<const int64_t> counts);

}  // namespace thaw
