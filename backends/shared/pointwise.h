// SPDX-License-Identifier: Apache-2.0
// pointwise.inc for C++, twice: thaw::f32 with the polynomials of primitives_f32.inc, thaw::f64 with <cmath>'s
// functions. unary_value(op, ...) chooses at run time; unary_value<op>(...) at compile time: for loops that are to be
// vectorised. Everything has internal linkage, so that it can be compiled for several instruction sets in one program.
#pragma once

#include <cmath>
#include <cstdint>

#include "tensor/pointwise_ops.h"

#define FUNCTION [[gnu::always_inline, maybe_unused]] static inline
#define PRECISE

namespace thaw::f32 {

using real = float;
using uint = uint32_t;

FUNCTION int floatBitsToInt(float x) { return __builtin_bit_cast(int, x); }
FUNCTION float intBitsToFloat(int bits) { return __builtin_bit_cast(float, bits); }
FUNCTION real sqrt_real(real x) { return __builtin_sqrtf(x); }

#include "backends/shared/primitives_f32.inc"

#include "backends/shared/pointwise.inc"

template <UnaryOp op>
FUNCTION real unary_value(real x, real alpha, real beta) {
  return unary_value(static_cast<uint>(op), x, alpha, beta);
}
template <UnaryOp op>
FUNCTION real unary_slope(real x, real alpha, real beta) {
  return unary_slope(static_cast<uint>(op), x, alpha, beta);
}
template <BinaryOp op>
FUNCTION real binary_value(real a, real b) {
  return binary_value(static_cast<uint>(op), a, b);
}
FUNCTION real unary_value(UnaryOp op, real x, real alpha, real beta) {
  return unary_value(static_cast<uint>(op), x, alpha, beta);
}
FUNCTION real unary_slope(UnaryOp op, real x, real alpha, real beta) {
  return unary_slope(static_cast<uint>(op), x, alpha, beta);
}
FUNCTION real binary_value(BinaryOp op, real a, real b) { return binary_value(static_cast<uint>(op), a, b); }

}  // namespace thaw::f32

namespace thaw::f64 {

using real = double;
using uint = uint32_t;

FUNCTION real sqrt_real(real x) { return std::sqrt(x); }
FUNCTION real exp_real(real x) { return std::exp(x); }
FUNCTION real exp_of_negative_square(real scale, real x) { return std::exp(-scale * (x * x)); }
FUNCTION real log_real(real x) { return std::log(x); }
FUNCTION real log1p_real(real x) { return std::log1p(x); }
FUNCTION real tanh_real(real x) { return std::tanh(x); }
FUNCTION real normal_tail(real x) { return 0.5 * std::erfc(x * 0.70710678118654752440); }
FUNCTION real erf_real(real x) { return std::erf(x); }
FUNCTION real power_real(real x, real y) { return std::pow(x, y); }

#include "backends/shared/pointwise.inc"

FUNCTION real unary_value(UnaryOp op, real x, real alpha, real beta) {
  return unary_value(static_cast<uint>(op), x, alpha, beta);
}
FUNCTION real unary_slope(UnaryOp op, real x, real alpha, real beta) {
  return unary_slope(static_cast<uint>(op), x, alpha, beta);
}
FUNCTION real binary_value(BinaryOp op, real a, real b) { return binary_value(static_cast<uint>(op), a, b); }

}  // namespace thaw::f64

#undef FUNCTION
#undef PRECISE

namespace thaw {

static_assert(f32::unary_identity == static_cast<uint32_t>(UnaryOp::identity) &&
              f32::unary_affine == static_cast<uint32_t>(UnaryOp::affine) &&
              f32::unary_clamp == static_cast<uint32_t>(UnaryOp::clamp) &&
              f32::unary_power == static_cast<uint32_t>(UnaryOp::power) &&
              f32::unary_neg == static_cast<uint32_t>(UnaryOp::neg) &&
              f32::unary_abs == static_cast<uint32_t>(UnaryOp::abs) &&
              f32::unary_square == static_cast<uint32_t>(UnaryOp::square) &&
              f32::unary_sqrt == static_cast<uint32_t>(UnaryOp::sqrt) &&
              f32::unary_rsqrt == static_cast<uint32_t>(UnaryOp::rsqrt) &&
              f32::unary_reciprocal == static_cast<uint32_t>(UnaryOp::reciprocal) &&
              f32::unary_exp == static_cast<uint32_t>(UnaryOp::exp) &&
              f32::unary_log == static_cast<uint32_t>(UnaryOp::log) &&
              f32::unary_erf == static_cast<uint32_t>(UnaryOp::erf) &&
              f32::unary_tanh == static_cast<uint32_t>(UnaryOp::tanh) &&
              f32::unary_sigmoid == static_cast<uint32_t>(UnaryOp::sigmoid) &&
              f32::unary_relu == static_cast<uint32_t>(UnaryOp::relu) &&
              f32::unary_gelu == static_cast<uint32_t>(UnaryOp::gelu) &&
              f32::unary_gelu_tanh == static_cast<uint32_t>(UnaryOp::gelu_tanh) &&
              f32::unary_quick_gelu == static_cast<uint32_t>(UnaryOp::quick_gelu) &&
              f32::unary_silu == static_cast<uint32_t>(UnaryOp::silu) &&
              f32::unary_softplus == static_cast<uint32_t>(UnaryOp::softplus) && f32::unary_count == unary_op_count);
static_assert(f32::binary_add == static_cast<uint32_t>(BinaryOp::add) &&
              f32::binary_sub == static_cast<uint32_t>(BinaryOp::sub) &&
              f32::binary_mul == static_cast<uint32_t>(BinaryOp::mul) &&
              f32::binary_div == static_cast<uint32_t>(BinaryOp::div) &&
              f32::binary_max == static_cast<uint32_t>(BinaryOp::max) &&
              f32::binary_min == static_cast<uint32_t>(BinaryOp::min) &&
              f32::binary_less == static_cast<uint32_t>(BinaryOp::less) &&
              f32::binary_less_equal == static_cast<uint32_t>(BinaryOp::less_equal) &&
              f32::binary_equal == static_cast<uint32_t>(BinaryOp::equal) && f32::binary_equal + 1 == binary_op_count);

}  // namespace thaw
