// SPDX-License-Identifier: Apache-2.0
// Losses whose classes weigh differently, as torch means them.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void check_weights(const char* op, const Variable& logits, const std::vector<double>& weights) {
  check_defined(op, "the tensor of logits", logits.value());
  check(logits.value().rank() == 2 && static_cast<int64_t>(weights.size()) == logits.size(1),
        "{}: {} weights for logits {}", op, weights.size(), logits.shape());
  for (size_t v = 0; v < weights.size(); ++v)
    check(std::isfinite(weights[v]) && weights[v] >= 0, "{}: the weight of class {} is {}", op, v, weights[v]);
}

// A constant beside the logits.
Tensor beside(const Variable& logits, const std::vector<double>& values, const Shape& shape) {
  return Tensor::from_host(values, shape, logits.value().device(), logits.value().dtype());
}

// What classes add by smoothing beside what they would if all weighed alike: sum over v of z[t, v] (mean(w) - w[v]),
// 0 for ignored rows.
Variable uneven_part(const Variable& logits, const std::vector<double>& counted, const std::vector<double>& weights,
                     double mean) {
  const int64_t rows = logits.size(0), classes = logits.size(1);
  std::vector<double> differences;
  for (const double weight : weights) differences.push_back(mean - weight);
  const Variable sums = matmul(logits, beside(logits, differences, {classes, 1}));
  return mul(reshape(sums, {rows}), beside(logits, counted, {rows}));
}

}  // namespace

Variable cross_entropy_rows(const Variable& logits, const Indices& targets, const CrossEntropy& options) {
  const CrossEntropyResult result = cross_entropy(logits.value(), targets, options, needed(logits));
  return record("cross_entropy_rows", result.losses,
                {grad_to(logits, [x = saved(logits), lse = result.lse, targets, options](const Tensor& dy) {
                  return cross_entropy_backward(dy, x, lse, targets, options);
                })});
}

double weight_of_targets(const Indices& targets, const std::vector<double>& weights, int32_t ignore) {
  double sum = 0;
  for (const int32_t target : targets.host())
    if (target != ignore) sum += weights.at(static_cast<size_t>(target));
  return sum;
}

// With s = smoothing, lse the row's log of the sum of exponentials and m the mean weight, a row's loss is
//   (1 - s) w[y] (lse - z[y]) + s / V sum_v w[v] (lse - z[v])
//   = (1 - s) w[y] (lse - z[y]) + s m (lse - mean(z)) + s / V sum_v z[v] (m - w[v]):
// the cross-entropy without smoothing, the one that is smoothed wholly, and what is left of uneven weights.
Variable weighted_cross_entropy_rows(const Variable& logits, const Indices& targets, const std::vector<double>& weights,
                                     const CrossEntropy& options) {
  check_weights("weighted_cross_entropy", logits, weights);
  const double smoothing = options.smoothing;
  const Variable hard = cross_entropy_rows(logits, targets, {options.ignore, 0});
  std::vector<double> of_target, counted;
  for (const int32_t target : targets.host()) {
    const bool is_counted = target != options.ignore;
    counted.push_back(is_counted);
    of_target.push_back(is_counted ? (1 - smoothing) * weights[static_cast<size_t>(target)] : 0);
  }
  const Variable weighted = mul(hard, beside(logits, of_target, {targets.size()}));
  if (smoothing == 0) return weighted;
  const auto classes = static_cast<double>(weights.size());
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / classes;
  const Variable even = scale(cross_entropy_rows(logits, targets, {options.ignore, 1}), smoothing * mean);
  return add(add(weighted, even), scale(uneven_part(logits, counted, weights, mean), smoothing / classes));
}

Variable weighted_cross_entropy(const Variable& logits, const Indices& targets, const std::vector<double>& weights,
                                const CrossEntropy& options, double count) {
  check(count >= 0, "weighted_cross_entropy: divided by {}", count);
  const Variable losses = weighted_cross_entropy_rows(logits, targets, weights, options);
  if (count == 0) count = weight_of_targets(targets, weights, options.ignore);
  return sum_all(losses, count > 0 ? 1 / count : 0);
}

// Of one cell: w z softplus(-x) + (1 - z) softplus(x), in which nothing cancels; slope (1 - z) sigmoid(x) - w z
// sigmoid(-x).
Variable weighted_binary_cross_entropy(const Variable& logits, const Tensor& targets,
                                       const std::vector<double>& positive_weights) {
  check_weights("weighted_binary_cross_entropy", logits, positive_weights);
  check_defined("weighted_binary_cross_entropy", "the tensor of targets", targets);
  check(logits.shape() == targets.shape(), "weighted_binary_cross_entropy: targets {} for {}", targets.shape(),
        logits.shape());
  const Tensor weights = beside(logits, positive_weights, {logits.size(1)});
  const Variable positive = mul(softplus(neg(logits)), mul(targets, weights));
  const Variable negative = mul(softplus(logits), affine(targets, -1, 1));
  return mean_all(add(positive, negative));
}

}  // namespace thaw
