// SPDX-License-Identifier: Apache-2.0
// Pointwise functions with their gradients.
#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {

Variable unary(UnaryOp op, const Variable& x, UnaryParams params) {
  check_defined(name_of(op), "the input", x.value());
  if (op == UnaryOp::identity) return x;
  Tensor y = unary(op, x.value(), params);
  // Linear functions read nothing for their gradient.
  if (op == UnaryOp::affine || op == UnaryOp::neg) {
    const double slope = op == UnaryOp::neg ? -1 : params.alpha;
    return record(name_of(op), y,
                  {grad_to(x, [slope](const Tensor& dy) { return slope == 1 ? dy : scale(dy, slope); })});
  }
  return record(
      name_of(op), y,
      {grad_to(x, [op, params, x = saved(x)](const Tensor& dy) { return unary_backward(op, dy, x, params); })});
}

Variable neg(const Variable& x) { return unary(UnaryOp::neg, x); }
Variable exp(const Variable& x) { return unary(UnaryOp::exp, x); }
Variable log(const Variable& x) { return unary(UnaryOp::log, x); }
Variable sqrt(const Variable& x) { return unary(UnaryOp::sqrt, x); }
Variable square(const Variable& x) { return unary(UnaryOp::square, x); }
Variable abs(const Variable& x) { return unary(UnaryOp::abs, x); }
Variable rsqrt(const Variable& x) { return unary(UnaryOp::rsqrt, x); }
Variable reciprocal(const Variable& x) { return unary(UnaryOp::reciprocal, x); }
Variable tanh(const Variable& x) { return unary(UnaryOp::tanh, x); }
Variable erf(const Variable& x) { return unary(UnaryOp::erf, x); }
Variable sigmoid(const Variable& x) { return unary(UnaryOp::sigmoid, x); }
Variable scale(const Variable& x, double factor) { return affine(x, factor, 0); }
Variable affine(const Variable& x, double alpha, double beta) { return unary(UnaryOp::affine, x, {alpha, beta}); }

Variable clamp(const Variable& x, double low, double high) {
  check(low <= high, "clamp: {} is above {}", low, high);
  return unary(UnaryOp::clamp, x, {low, high});
}

// Gradients of a broadcast input are summed down to its shape.
Variable add(const Variable& a, const Variable& b) {
  Tensor y = add(a.value(), b.value());
  return record("add", std::move(y),
                {grad_to(a, [shape = a.shape()](const Tensor& dy) { return sum_to(dy, shape); }),
                 grad_to(b, [shape = b.shape()](const Tensor& dy) { return sum_to(dy, shape); })});
}

Variable sub(const Variable& a, const Variable& b) {
  Tensor y = sub(a.value(), b.value());
  return record("sub", std::move(y),
                {grad_to(a, [shape = a.shape()](const Tensor& dy) { return sum_to(dy, shape); }),
                 grad_to(b, [shape = b.shape()](const Tensor& dy) { return scale(sum_to(dy, shape), -1); })});
}

Variable mul(const Variable& a, const Variable& b) {
  Tensor y = mul(a.value(), b.value());
  return record(
      "mul", std::move(y),
      {grad_to(a, [b = saved(b), shape = a.shape()](const Tensor& dy) { return sum_to(mul(dy, b), shape); }),
       grad_to(b, [a = saved(a), shape = b.shape()](const Tensor& dy) { return sum_to(mul(dy, a), shape); })});
}

// y = a / b: da = dy / b, db = -dy y / b.
Variable div(const Variable& a, const Variable& b) {
  const Tensor y = div(a.value(), b.value());
  return record("div", y,
                {grad_to(a, [b = saved(b), shape = a.shape()](const Tensor& dy) { return sum_to(div(dy, b), shape); }),
                 grad_to(b, [b = saved(b), y = Saved(y, "div"), shape = b.shape()](const Tensor& dy) {
                   return scale(sum_to(div(mul(dy, y), b), shape), -1);
                 })});
}

namespace {

// a where `first`(a, b) holds, else b; the gradient goes the same way.
Variable choose(BinaryOp op, const Variable& a, const Variable& b, bool first_is_larger) {
  const auto first = [first_is_larger](const Tensor& x, const Tensor& y) {
    return first_is_larger ? binary(BinaryOp::less_equal, y, x) : binary(BinaryOp::less_equal, x, y);
  };
  Tensor y = binary(op, a.value(), b.value());
  return record(name_of(op), std::move(y),
                {grad_to(a, [a = saved(a), b = saved(b),
                             first](const Tensor& dy) { return sum_to(mul(dy, first(a, b)), a.get().shape()); }),
                 grad_to(b, [a = saved(a), b = saved(b), first](const Tensor& dy) {
                   return sum_to(mul(dy, affine(first(a, b), -1, 1)), b.get().shape());
                 })});
}

}  // namespace

Variable maximum(const Variable& a, const Variable& b) { return choose(BinaryOp::max, a, b, true); }
Variable minimum(const Variable& a, const Variable& b) { return choose(BinaryOp::min, a, b, false); }

Variable where(const Tensor& condition, const Variable& a, const Variable& b) {
  Tensor y = where(condition, a.value(), b.value());
  const auto zero = [](const Tensor& dy) { return Tensor::zeros({}, dy.dtype(), dy.device()); };
  return record("where", std::move(y),
                {grad_to(a, [c = Saved(condition, "a condition"), shape = a.shape(),
                             zero](const Tensor& dy) { return sum_to(where(c, dy, zero(dy)), shape); }),
                 grad_to(b, [c = Saved(condition, "a condition"), shape = b.shape(), zero](const Tensor& dy) {
                   return sum_to(where(c, zero(dy), dy), shape);
                 })});
}

// The mask is made again from its key, not kept.
Variable dropout(const Variable& x, const Dropout& options, const Variable& residual) {
  check_defined("dropout", "the input", x.value());
  if (options.probability == 0 && !residual.defined()) return x;
  return record("dropout", dropout(x.value(), options, residual.value()),
                {grad_to(x, [options](const Tensor& dy) { return dropout(dy, options); }),
                 grad_to(residual, [](const Tensor& dy) { return dy; })});
}

Variable to(const Variable& x, DType dtype) {
  check_defined("to", "the input", x.value());
  if (dtype == x.dtype()) return x;
  const DType type = x.dtype() == DType::f64 ? DType::f64 : DType::f32;
  return record("to", x.value().to(dtype), {grad_to(x, [type](const Tensor& dy) { return dy.to(type); })});
}

}  // namespace thaw
