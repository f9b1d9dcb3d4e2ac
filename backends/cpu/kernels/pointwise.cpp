// SPDX-License-Identifier: Apache-2.0
// Pointwise loops: one instance per function, so that each vectorises without a choice inside.
#include "backends/shared/pointwise.h"
#include "backends/cpu/kernels/families.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

template <UnaryOp op>
struct Unary {
  static void value(float* y, const float* x, int64_t n, float alpha, float beta) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) y[i] = f32::unary_value<op>(x[i], alpha, beta);
  }
  static void backward(float* dx, const float* dy, const float* x, int64_t n, float alpha, float beta) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) dx[i] = dy[i] * f32::unary_slope<op>(x[i], alpha, beta);
  }
  static void epilogue(float* x, const float* bias, float* pre, int64_t n) {
    if (pre && bias) {
#pragma omp simd
      for (int64_t i = 0; i < n; ++i) {
        const float sum = x[i] + bias[i];
        pre[i] = sum;
        x[i] = f32::unary_value<op>(sum, 1, 0);
      }
    } else if (bias) {
#pragma omp simd
      for (int64_t i = 0; i < n; ++i) x[i] = f32::unary_value<op>(x[i] + bias[i], 1, 0);
    } else {
      if (pre) __builtin_memcpy(pre, x, static_cast<size_t>(n) * sizeof(float));
      if (op != UnaryOp::identity) value(x, x, n, 1, 0);
    }
  }
};

template <BinaryOp op>
void binary_loop(float* y, const float* a, const float* b, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) y[i] = f32::binary_value<op>(a[i], b[i]);
}

using ValueLoop = void (*)(float*, const float*, int64_t, float, float);
using BackwardLoop = void (*)(float*, const float*, const float*, int64_t, float, float);
using EpilogueLoop = void (*)(float*, const float*, float*, int64_t);
using BinaryLoop = void (*)(float*, const float*, const float*, int64_t);

struct Loops {
  ValueLoop value[unary_op_count];
  BackwardLoop backward[unary_op_count];
  EpilogueLoop epilogue[unary_op_count];
  BinaryLoop binary[binary_op_count];
};

// Entry k of each list is the instance of function k.
template <uint32_t k>
constexpr void fill_unary(Loops& loops) {
  constexpr UnaryOp op = static_cast<UnaryOp>(k);
  loops.value[k] = Unary<op>::value;
  loops.backward[k] = Unary<op>::backward;
  loops.epilogue[k] = Unary<op>::epilogue;
  if constexpr (k + 1 < unary_op_count) fill_unary<k + 1>(loops);
}
template <uint32_t k>
constexpr void fill_binary(Loops& loops) {
  loops.binary[k] = binary_loop<static_cast<BinaryOp>(k)>;
  if constexpr (k + 1 < binary_op_count) fill_binary<k + 1>(loops);
}
constexpr Loops make_loops() {
  Loops loops{};
  fill_unary<0>(loops);
  fill_binary<0>(loops);
  return loops;
}
constexpr Loops loops = make_loops();

void unary(UnaryOp op, float* y, const float* x, int64_t n, float alpha, float beta) {
  loops.value[static_cast<uint32_t>(op)](y, x, n, alpha, beta);
}

void unary_backward(UnaryOp op, float* dx, const float* dy, const float* x, int64_t n, float alpha, float beta) {
  loops.backward[static_cast<uint32_t>(op)](dx, dy, x, n, alpha, beta);
}

void binary(BinaryOp op, float* y, const float* a, const float* b, int64_t n) {
  loops.binary[static_cast<uint32_t>(op)](y, a, b, n);
}

void where(float* y, const float* condition, const float* a, const float* b, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) {
    const float x = a[i], z = b[i];
    y[i] = condition[i] != 0 ? x : z;
  }
}

void epilogue(UnaryOp op, float* x, const float* bias, float* pre, int64_t n) {
  loops.epilogue[static_cast<uint32_t>(op)](x, bias, pre, n);
}

}  // namespace

void add_pointwise(Kernels& table) {
  table.unary = unary;
  table.unary_backward = unary_backward;
  table.binary = binary;
  table.where = where;
  table.epilogue = epilogue;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
