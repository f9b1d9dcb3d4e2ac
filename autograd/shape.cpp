// SPDX-License-Identifier: Apache-2.0
// Other views of the same numbers, and putting tensors side by side.
#include <array>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {

Variable reshape(const Variable& x, const Shape& shape) {
  Tensor y = x.value().reshape(shape);
  return record("reshape", std::move(y),
                {grad_to(x, [from = x.shape()](const Tensor& dy) { return dy.reshape(from); })});
}

Variable permute(const Variable& x, std::initializer_list<int> axes) {
  Tensor y = x.value().permute(axes);
  std::vector<int> inverse(axes.size());
  int to = 0;
  for (const int from : axes) inverse[static_cast<size_t>(normalized_axis(from, x.value().rank()))] = to++;
  return record("permute", y, {grad_to(x, [inverse](const Tensor& dy) { return dy.permute(inverse); })});
}

Variable transpose(const Variable& x, int a, int b) {
  return record("transpose", x.value().transpose(a, b),
                {grad_to(x, [a, b](const Tensor& dy) { return dy.transpose(a, b); })});
}

Variable slice(const Variable& x, int axis, int64_t begin, int64_t end) {
  Tensor y = x.value().slice(axis, begin, end);
  return record("slice", y, {add_grad_to(x, [shape = x.shape(), axis, begin, end](const Tensor& dy, Tensor& grad) {
                  if (grad.defined()) {
                    binary_(BinaryOp::add, grad.slice(axis, begin, end), dy);
                  } else {
                    grad = Tensor::zeros(shape, dy.dtype(), dy.device());
                    grad.slice(axis, begin, end).copy_from(dy);
                  }
                })});
}

Variable expand(const Variable& x, const Shape& shape) {
  Tensor y = x.value().expand(shape);
  return record("expand", std::move(y),
                {grad_to(x, [from = x.shape()](const Tensor& dy) { return sum_to(dy, from); })});
}

Variable squeeze(const Variable& x, int axis) {
  return record("squeeze", x.value().squeeze(axis),
                {grad_to(x, [axis](const Tensor& dy) { return dy.unsqueeze(axis); })});
}

Variable unsqueeze(const Variable& x, int axis) {
  return record("unsqueeze", x.value().unsqueeze(axis),
                {grad_to(x, [axis](const Tensor& dy) { return dy.squeeze(axis); })});
}

Variable concat(const std::vector<Variable>& parts, int axis) {
  std::vector<Tensor> values;
  for (const Variable& part : parts) values.push_back(part.value());
  Tensor y = concat(values, axis);
  std::vector<Edge> edges;
  int64_t begin = 0;
  for (const Variable& part : parts) {
    const int64_t end = begin + part.size(axis);
    edges.push_back(grad_to(part, [axis, begin, end](const Tensor& dy) { return dy.slice(axis, begin, end); }));
    begin = end;
  }
  return record("concat", y, std::move(edges));
}

Variable stack(const std::vector<Variable>& parts, int axis) {
  check(!parts.empty(), "stack: no tensors");
  axis = normalized_axis(axis, parts[0].rank() + 1);
  std::vector<Variable> slices;
  for (const Variable& part : parts) {
    check(part.shape() == parts[0].shape(), "stack: {} beside {}", part.shape(), parts[0].shape());
    slices.push_back(unsqueeze(part, axis));
  }
  return concat(slices, axis);
}

}  // namespace thaw
