// SPDX-License-Identifier: Apache-2.0
// Powers by a number. The device's power is exp(p log(x)), for x > 0; what other x give is made of it here.
#include <cmath>

#include "autograd/functions.h"
#include "autograd/tape.h"

namespace thaw {
namespace {

// x^p, and 1 for p = 0 whatever x is.
Tensor power(const Tensor& x, double p) {
  if (p == 0) return Tensor::ones(x.shape(), x.dtype(), x.device());
  if (p == 1) return x;
  if (p == 2) return unary(UnaryOp::square, x);
  if (p == 0.5) return unary(UnaryOp::sqrt, x);
  if (p == -1) return unary(UnaryOp::reciprocal, x);
  if (std::floor(p) != p) return unary(UnaryOp::power, x, {p});
  const Tensor of_size = unary(UnaryOp::power, unary(UnaryOp::abs, x), {p});
  if (std::fmod(p, 2) == 0) return of_size;
  const Tensor is_negative = binary(BinaryOp::less, x, Tensor::zeros({}, x.dtype(), x.device()));
  return where(is_negative, unary(UnaryOp::neg, of_size), of_size);
}

}  // namespace

// dx = p x^(p - 1) dy, and 0 for p = 0 where x is 0 too.
Variable pow(const Variable& x, double exponent) {
  check_defined("pow", "the input", x.value());
  if (exponent == 1) return x;
  if (exponent == 0)
    return record("pow", power(x.value(), 0),
                  {grad_to(x, [](const Tensor& dy) { return Tensor::zeros(dy.shape(), dy.dtype(), dy.device()); })});
  return record("pow", power(x.value(), exponent), {grad_to(x, [x = saved(x), exponent](const Tensor& dy) {
                  return mul(dy, scale(power(x, exponent - 1), exponent));
                })});
}

}  // namespace thaw
