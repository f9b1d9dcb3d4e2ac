// SPDX-License-Identifier: Apache-2.0
// Chooses among the cross-entropies.
#include "models/class_loss.h"

#include <cstddef>

#include "autograd/functions.h"

namespace thaw {

double ClassLoss::terms(std::span<const int32_t> classes) const {
  double sum = 0;
  for (const int32_t label : classes)
    if (label != -100) sum += weights.empty() ? 1 : weights.at(static_cast<size_t>(label));
  return sum;
}

Variable class_loss(const Variable& logits, const std::vector<int32_t>& classes, const ClassLoss& how, double count) {
  const Indices targets(classes, logits.value().device());
  const CrossEntropy options{.smoothing = how.smoothing};
  if (how.weights.empty()) return cross_entropy(logits, targets, options, count);
  return weighted_cross_entropy(logits, targets, how.weights, options, count);
}

std::vector<double> balanced_weights(std::span<const int64_t> counts) {
  double all = 0, classes = 0;
  for (const int64_t count : counts) {
    all += static_cast<double>(count);
    classes += count > 0;
  }
  std::vector<double> weights;
  for (const int64_t count : counts) weights.push_back(count > 0 ? all / (classes * static_cast<double>(count)) : 1);
  return weights;
}

}  // namespace thaw
