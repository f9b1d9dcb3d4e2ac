// SPDX-License-Identifier: Apache-2.0
// Losses: one number from a batch of predictions.
#include <algorithm>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {
namespace {

double mean_factor(int64_t count) { return count ? 1.0 / static_cast<double>(count) : 0; }

void check_targets(const char* op, const Variable& x, const Tensor& targets) {
  check_defined(op, "the input", x.value());
  check_defined(op, "the tensor of targets", targets);
  check(x.shape() == targets.shape(), "{}: targets {} for {}", op, targets.shape(), x.shape());
}

}  // namespace

Variable cross_entropy(const Variable& logits, const Indices& targets, const CrossEntropy& options, double count,
                       Tensor* rows) {
  check(count >= 0, "cross_entropy: divided by {}", count);
  if (count == 0) {
    const auto host = targets.host();
    count =
        static_cast<double>(host.size()) - static_cast<double>(std::count(host.begin(), host.end(), options.ignore));
  }
  const double factor = count > 0 ? 1 / count : 0;
  const CrossEntropyResult result = cross_entropy(logits.value(), targets, options, needed(logits));
  if (rows) *rows = result.losses;
  return record("cross_entropy", sum_all(result.losses, factor),
                {grad_to(logits, [x = saved(logits), lse = result.lse, targets, options, factor](const Tensor& dy) {
                  return cross_entropy_backward(scale(dy, factor).expand({targets.size()}), x, lse, targets, options);
                })});
}

// Of one cell: max(x, 0) - x z + log(1 + e^-|x|), which does not cancel where z is 0 or 1; slope sigmoid(x) - z.
Variable binary_cross_entropy(const Variable& logits, const Tensor& targets) {
  check_targets("binary_cross_entropy", logits, targets);
  const Tensor& x = logits.value();
  const double factor = mean_factor(x.numel());
  const Tensor linear_part = sub(unary(UnaryOp::relu, x), mul(x, targets));
  const Tensor rest = unary(UnaryOp::softplus, unary(UnaryOp::neg, unary(UnaryOp::abs, x)));
  return record("binary_cross_entropy", sum_all(add(linear_part, rest), factor),
                {grad_to(logits, [x = saved(logits), z = Saved(targets, "the targets"), factor](const Tensor& dy) {
                  return mul(sub(unary(UnaryOp::sigmoid, x), z), scale(dy, factor));
                })});
}

Variable mean_squared_error(const Variable& x, const Tensor& targets) {
  check_targets("mean_squared_error", x, targets);
  const double factor = mean_factor(x.value().numel());
  const Tensor error = sub(x.value(), targets);
  return record("mean_squared_error", sum_all(unary(UnaryOp::square, error), factor),
                {grad_to(x, [error, factor](const Tensor& dy) { return mul(error, scale(dy, 2 * factor)); })});
}

}  // namespace thaw
