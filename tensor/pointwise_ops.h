// SPDX-License-Identifier: Apache-2.0
// The names of the pointwise functions; their formulas are written once, in backends/shared/pointwise.inc.
#pragma once

#include <cstdint>

namespace thaw {

// y = f(x). `affine` is alpha * x + beta; clamp is min(max(x, alpha), beta); power is x^alpha for x > 0.
// gelu is the erf form, gelu_tanh the tanh form ("gelu_new", "gelu_pytorch_tanh"), quick_gelu x * sigmoid(1.702 x).
// From tanh on they are activations, which config.json may name.
enum class UnaryOp : uint32_t {
  identity,
  affine,
  clamp,
  power,
  neg,
  abs,
  square,
  sqrt,
  rsqrt,
  reciprocal,
  exp,
  log,
  erf,
  tanh,
  sigmoid,
  relu,
  gelu,
  gelu_tanh,
  quick_gelu,
  silu,
  softplus,
};
inline constexpr uint32_t unary_op_count = 21;

constexpr bool is_activation(UnaryOp op) { return op >= UnaryOp::tanh; }

// y = f(a, b). The comparisons give 1 or 0 in the dtype of the inputs.
enum class BinaryOp : uint32_t { add, sub, mul, div, max, min, less, less_equal, equal };
inline constexpr uint32_t binary_op_count = 9;

constexpr const char* name_of(UnaryOp op) {
  constexpr const char* names[unary_op_count] = {
      "identity", "affine", "clamp", "power",   "neg",  "abs",  "square",    "sqrt",       "rsqrt", "reciprocal", "exp",
      "log",      "erf",    "tanh",  "sigmoid", "relu", "gelu", "gelu_tanh", "quick_gelu", "silu",  "softplus"};
  return names[static_cast<uint32_t>(op)];
}

constexpr const char* name_of(BinaryOp op) {
  constexpr const char* names[binary_op_count] = {"add", "sub",  "mul",        "div",  "max",
                                                  "min", "less", "less_equal", "equal"};
  return names[static_cast<uint32_t>(op)];
}

enum class ReduceOp : uint32_t { sum, max, min };

// The two numbers of affine, clamp and power.
struct UnaryParams {
  double alpha = 1;
  double beta = 0;
};

}  // namespace thaw
