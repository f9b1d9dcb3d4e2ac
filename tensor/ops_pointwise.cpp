// SPDX-License-Identifier: Apache-2.0
// Pointwise functions: broadcast, allocate, launch.
#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"
#include "tensor/random_numbers.h"

namespace thaw {
Tensor unary(UnaryOp op, const Tensor& x, UnaryParams params) {
  check_operand(name_of(op), "the input", x);
  Tensor out = Tensor::empty(x.shape(), x.dtype(), x.device());
  if (x.numel() == 0) return out;
  count_launch("unary");
  x.backend().unary(op, out.view(), x.view(), params);
  return out;
}

Tensor unary_backward(UnaryOp op, const Tensor& dy, const Tensor& x, UnaryParams params) {
  check_operand(name_of(op), "the gradient", dy);
  check_beside(name_of(op), dy, "the input", x);
  check(dy.shape() == x.shape(), "{}: gradient {} for {}", name_of(op), dy.shape(), x.shape());
  Tensor dx = Tensor::empty(x.shape(), x.dtype(), x.device());
  if (x.numel() == 0) return dx;
  count_launch("unary_backward");
  x.backend().unary_backward(op, dx.view(), dy.view(), x.view(), params);
  return dx;
}

Tensor binary(BinaryOp op, const Tensor& a, const Tensor& b) {
  check_operand(name_of(op), "the first input", a);
  check_beside(name_of(op), a, "the second input", b);
  const Shape shape = a.shape() == b.shape() ? a.shape() : broadcast_shape(a.shape(), b.shape());
  Tensor out = Tensor::empty(shape, a.dtype(), a.device());
  if (out.numel() == 0) return out;
  count_launch("binary");
  a.backend().binary(op, out.view(), a.expand(shape).view(), b.expand(shape).view());
  return out;
}

void binary_(BinaryOp op, const Tensor& a, const Tensor& b) {
  check_operand(name_of(op), "the first input", a);
  check_beside(name_of(op), a, "the second input", b);
  const Tensor expanded = b.expand(a.shape());
  if (a.numel() == 0) return;
  count_launch("binary");
  a.backend().binary(op, a.view(), a.view(), expanded.view());
  a.mark_written();
}

Tensor add(const Tensor& a, const Tensor& b) { return binary(BinaryOp::add, a, b); }
Tensor sub(const Tensor& a, const Tensor& b) { return binary(BinaryOp::sub, a, b); }
Tensor mul(const Tensor& a, const Tensor& b) { return binary(BinaryOp::mul, a, b); }
Tensor div(const Tensor& a, const Tensor& b) { return binary(BinaryOp::div, a, b); }
Tensor scale(const Tensor& x, double factor) { return affine(x, factor, 0); }
Tensor affine(const Tensor& x, double alpha, double beta) { return unary(UnaryOp::affine, x, {alpha, beta}); }

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  check_operand("where", "the condition", condition);
  check_beside("where", condition, "the first choice", a);
  check_beside("where", a, "the second choice", b);
  const Shape shape = broadcast_shape(condition.shape(), broadcast_shape(a.shape(), b.shape()));
  Tensor out = Tensor::empty(shape, a.dtype(), a.device());
  if (out.numel() == 0) return out;
  count_launch("where");
  a.backend().where(out.view(), condition.expand(shape).view(), a.expand(shape).view(), b.expand(shape).view());
  return out;
}

Tensor uniform(const Shape& shape, RandomKey key, DType dtype, Device device) {
  check_computed("uniform", dtype, device);
  Tensor out = Tensor::empty(shape, dtype, device);
  if (out.numel() == 0) return out;
  count_launch("uniform");
  device.backend().uniform(out.view(), key);
  return out;
}

Tensor randn(const Shape& shape, RandomKey key, DType dtype, Device device) {
  check(is_floating(dtype), "randn: {} is not a floating type", name_of(dtype));
  return Tensor::from_host(normal_numbers(shape.numel(), key), shape, device, dtype);
}

Tensor dropout(const Tensor& x, const Dropout& dropout, const Tensor& residual) {
  check_operand("dropout", "the input", x);
  check(dropout.probability >= 0 && dropout.probability < 1, "dropout: probability {} is not in [0, 1)",
        dropout.probability);
  if (residual.defined()) {
    check(residual.shape() == x.shape(), "dropout: residual {} for {}", residual.shape(), x.shape());
    check_beside("dropout", x, "the residual", residual);
  }
  if (dropout.probability == 0) return residual.defined() ? add(x, residual) : x;
  Tensor out = Tensor::empty(x.shape(), x.dtype(), x.device());
  if (out.numel() == 0) return out;
  count_launch("dropout");
  x.backend().dropout(out.view(), x.view(), residual.defined() ? &residual.view() : nullptr, dropout);
  return out;
}

}  // namespace thaw
