// SPDX-License-Identifier: Apache-2.0
// Sums, maxima, softmax.
#include <algorithm>
#include <vector>

#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"

namespace thaw {

Tensor reduce(ReduceOp op, const Tensor& x, std::span<const int> axes, bool keep, double scale) {
  check_operand("reduce", "the input", x);
  Shape kept = x.shape();
  std::vector<int> reduced;
  for (const int axis : axes) {
    reduced.push_back(normalized_axis(axis, x.rank()));
    kept[axis] = 1;
  }
  Tensor out = Tensor::empty(kept, x.dtype(), x.device());
  count_launch("reduce");
  x.backend().reduce(op, out.view(), x.view(), scale, false);
  if (keep) return out;
  std::sort(reduced.begin(), reduced.end());
  Shape shape = kept;
  for (auto axis = reduced.rbegin(); axis != reduced.rend(); ++axis) shape = shape.without(*axis);
  return out.reshape(shape);
}

Tensor sum(const Tensor& x, std::initializer_list<int> axes, bool keep) {
  return reduce(ReduceOp::sum, x, {axes.begin(), axes.size()}, keep);
}

Tensor mean(const Tensor& x, std::initializer_list<int> axes, bool keep) {
  check_defined("mean", "the input", x);
  int64_t count = 1;
  for (const int axis : axes) count *= x.size(axis);
  return reduce(ReduceOp::sum, x, {axes.begin(), axes.size()}, keep, count ? 1.0 / static_cast<double>(count) : 0);
}

Tensor sum_all(const Tensor& x, double scale) {
  check_defined("sum_all", "the input", x);
  std::vector<int> axes;
  for (int i = 0; i < x.rank(); ++i) axes.push_back(i);
  return reduce(ReduceOp::sum, x, axes, false, scale);
}

Tensor sum_rows(const Tensor& x) {
  check_defined("sum_rows", "the input", x);
  check(x.rank() >= 1, "sum_rows: a tensor without axes");
  std::vector<int> axes;
  for (int i = 0; i + 1 < x.rank(); ++i) axes.push_back(i);
  return axes.empty() ? x : reduce(ReduceOp::sum, x, axes);
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  check(shape.rank() <= x.rank(), "sum_to: {} to {}", x.shape(), shape);
  std::vector<int> axes;
  const int extra = x.rank() - shape.rank();
  for (int i = 0; i < x.rank(); ++i) {
    if (i < extra || (shape[i - extra] == 1 && x.size(i) != 1)) {
      axes.push_back(i);
    } else {
      check(shape[i - extra] == x.size(i), "sum_to: {} to {}", x.shape(), shape);
    }
  }
  return reduce(ReduceOp::sum, x, axes, true).reshape(shape);
}

Tensor argmax(const Tensor& x) {
  check_operand("argmax", "the input", x);
  check(x.rank() >= 1 && x.size(-1) >= 1, "argmax: no elements along the last axis of {}", x.shape());
  Tensor out = Tensor::empty(x.shape().without(-1), DType::i32, x.device());
  if (out.numel() == 0) return out;
  count_launch("argmax");
  x.backend().argmax(out.view(), x.view());
  return out;
}

Tensor sum_squares(std::span<const Tensor> tensors) {
  check(!tensors.empty(), "sum_squares: no tensors");
  std::vector<View> views;
  for (const Tensor& t : tensors) {
    check_operand("sum_squares", "an input", t);
    check_beside("sum_squares", tensors[0], "an input", t);
    views.push_back(t.view());
  }
  Tensor out = Tensor::empty({}, tensors[0].dtype(), tensors[0].device());
  count_launch("sum_squares");
  out.backend().sum_squares(out.view(), views);
  return out;
}

Tensor softmax(const Tensor& x, int axis) {
  check_operand("softmax", "the input", x);
  check(x.rank() >= 1, "softmax: a tensor without axes");
  if (normalized_axis(axis, x.rank()) + 1 < x.rank()) return softmax(x.transpose(axis, -1)).transpose(axis, -1);
  Tensor y = Tensor::empty(x.shape(), x.dtype(), x.device());
  if (y.numel() == 0) return y;
  count_launch("softmax");
  x.backend().softmax(y.view(), x.view());
  return y;
}

Tensor softmax_backward(const Tensor& dy, const Tensor& y, int axis) {
  check_operand("softmax", "the gradient", dy);
  check_beside("softmax", dy, "the probabilities", y);
  check(dy.shape() == y.shape(), "softmax: gradient {} for {}", dy.shape(), y.shape());
  if (normalized_axis(axis, y.rank()) + 1 < y.rank())
    return softmax_backward(dy.transpose(axis, -1), y.transpose(axis, -1)).transpose(axis, -1);
  Tensor dx = Tensor::empty(y.shape(), y.dtype(), y.device());
  if (y.numel() == 0) return dx;
  count_launch("softmax_backward");
  y.backend().softmax_backward(dx.view(), dy.view(), y.view());
  return dx;
}

}  // namespace thaw
