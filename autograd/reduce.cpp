// SPDX-License-Identifier: Apache-2.0
// Sums, means, maxima, softmax.
#include <array>
#include <numeric>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// The shape with the reduced axes kept as 1.
Shape with_kept_axes(Shape shape, std::span<const int> axes) {
  for (const int axis : axes) shape[axis] = 1;
  return shape;
}

// factor * sum over the axes; each element's gradient is factor * dy.
Variable scaled_sum(const char* op, const Variable& x, std::span<const int> axes, bool keep, double factor) {
  Tensor y = reduce(ReduceOp::sum, x.value(), axes, keep, factor);
  return record(op, y,
                {grad_to(x, [shape = x.shape(), kept = with_kept_axes(x.shape(), axes), factor](const Tensor& dy) {
                  return (factor == 1 ? dy : scale(dy, factor)).reshape(kept).expand(shape);
                })});
}

}  // namespace

Variable sum(const Variable& x, std::initializer_list<int> axes, bool keep) {
  return scaled_sum("sum", x, {axes.begin(), axes.size()}, keep, 1);
}

Variable mean(const Variable& x, std::initializer_list<int> axes, bool keep) {
  check_defined("mean", "the input", x.value());
  int64_t count = 1;
  for (const int axis : axes) count *= x.size(axis);
  return scaled_sum("mean", x, {axes.begin(), axes.size()}, keep, count ? 1.0 / static_cast<double>(count) : 0);
}

Variable sum_all(const Variable& x, double scale) {
  check_defined("sum_all", "the input", x.value());
  std::vector<int> axes(static_cast<size_t>(x.value().rank()));
  std::iota(axes.begin(), axes.end(), 0);
  return scaled_sum("sum_all", x, axes, false, scale);
}

Variable mean_all(const Variable& x) {
  check_defined("mean_all", "the input", x.value());
  const int64_t count = x.value().numel();
  return sum_all(x, count ? 1.0 / static_cast<double>(count) : 0);
}

// dx = dy where the index along the axis is that of the first largest, else 0.
Variable max(const Variable& x, int axis, bool keep) {
  check_defined("max", "the input", x.value());
  axis = normalized_axis(axis, x.value().rank());
  const Tensor& value = x.value();
  Tensor y = reduce(ReduceOp::max, value, std::array{axis}, keep);
  Tensor index;
  if (needed(x)) {
    check(value.size(axis) >= 1 && value.size(axis) < (1 << 24), "max: axis {} of {}", axis, value.shape());
    index = argmax(value.transpose(axis, -1));  // [..., the last axis' size in place of `axis`]
  }
  return record("max", y, {grad_to(x, [index, shape = x.shape(), axis](const Tensor& dy) {
                  std::vector<float> numbers(static_cast<size_t>(shape[axis]));
                  std::iota(numbers.begin(), numbers.end(), 0.0f);
                  const Tensor positions = Tensor::from_host(numbers, {shape[axis]}, dy.device(), dy.dtype());
                  const Tensor chosen = binary(BinaryOp::equal, index.to(dy.dtype()).unsqueeze(-1), positions);
                  const Tensor gradient = dy.reshape(with_kept_axes(shape, std::array{axis}));
                  return mul(gradient, chosen.transpose(axis, -1));
                })});
}

Variable softmax(const Variable& x, int axis) {
  const Tensor y = softmax(x.value(), axis);
  return record(
      "softmax", y,
      {grad_to(x, [y = Saved(y, "softmax"), axis](const Tensor& dy) { return softmax_backward(dy, y, axis); })});
}

// y = x - max - log(sum(exp(x - max))); dx = dy - exp(y) sum(dy).
Variable log_softmax(const Variable& x, int axis) {
  check_defined("log_softmax", "the input", x.value());
  const Tensor shifted = sub(x.value(), reduce(ReduceOp::max, x.value(), std::array{axis}, true));
  const Tensor y = sub(shifted, unary(UnaryOp::log, sum(unary(UnaryOp::exp, shifted), {axis}, true)));
  return record("log_softmax", y, {grad_to(x, [y = Saved(y, "log_softmax"), axis](const Tensor& dy) {
                  return sub(dy, mul(unary(UnaryOp::exp, y), sum(dy, {axis}, true)));
                })});
}

}  // namespace thaw
