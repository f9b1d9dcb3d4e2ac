// SPDX-License-Identifier: Apache-2.0
// Sums, maxima and minima of rows and of columns. Long sums are made of sums of 1024 numbers, added in double.
#include "backends/cpu/kernels/families.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int64_t piece = 1024;
constexpr float infinity = __builtin_inff();

// NaN wins, as in pointwise.inc.
[[gnu::always_inline]] inline float larger(float a, float b) { return a < b || b != b ? b : a; }
[[gnu::always_inline]] inline float smaller(float a, float b) { return b < a || b != b ? b : a; }

float sum_of_piece(const float* x, int64_t n) {
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < n; ++i) total += x[i];
  return total;
}

float squares_of_piece(const float* x, int64_t n) {
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < n; ++i) total += x[i] * x[i];
  return total;
}

template <float (*of_piece)(const float*, int64_t)>
float in_pieces(const float* x, int64_t n) {
  double total = 0;
  for (int64_t i = 0; i < n; i += piece) total += static_cast<double>(of_piece(x + i, n - i < piece ? n - i : piece));
  return static_cast<float>(total);
}

constexpr int ways = 16;

// `ways` running results side by side: a fixed order that vectorises where a scalar one does not.
template <float (*better)(float, float)>
float extreme(const float* x, int64_t n, float start) {
  float best[ways];
  for (int k = 0; k < ways; ++k) best[k] = start;
  int64_t i = 0;
  for (; i + ways <= n; i += ways) {
#pragma omp simd
    for (int k = 0; k < ways; ++k) best[k] = better(best[k], x[i + k]);
  }
  float result = start;
  for (int k = 0; k < ways; ++k) result = better(result, best[k]);
  for (; i < n; ++i) result = better(result, x[i]);
  return result;
}

float reduce(ReduceOp op, const float* x, int64_t n) {
  if (op == ReduceOp::max) return extreme<larger>(x, n, -infinity);
  if (op == ReduceOp::min) return extreme<smaller>(x, n, infinity);
  return n <= piece ? sum_of_piece(x, n) : in_pieces<sum_of_piece>(x, n);
}

[[gnu::always_inline]] inline float plus(float a, float b) { return a + b; }

template <float (*f)(float, float)>
void combine_rows(float* y, const float* x, int64_t rows, int64_t stride, int64_t columns) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const float* const a = x + r * stride;
    const float *const b = a + stride, *const c = b + stride, *const d = c + stride;
#pragma omp simd
    for (int64_t i = 0; i < columns; ++i) y[i] = f(y[i], f(f(a[i], b[i]), f(c[i], d[i])));
  }
  for (; r < rows; ++r) {
    const float* const a = x + r * stride;
#pragma omp simd
    for (int64_t i = 0; i < columns; ++i) y[i] = f(y[i], a[i]);
  }
}

void reduce_rows(ReduceOp op, float* y, const float* x, int64_t rows, int64_t stride, int64_t columns,
                 bool accumulate) {
  if (!accumulate) {
    const float start = op == ReduceOp::sum ? 0 : op == ReduceOp::max ? -infinity : infinity;
    for (int64_t i = 0; i < columns; ++i) y[i] = start;
  }
  if (op == ReduceOp::sum) return combine_rows<plus>(y, x, rows, stride, columns);
  if (op == ReduceOp::max) return combine_rows<larger>(y, x, rows, stride, columns);
  combine_rows<smaller>(y, x, rows, stride, columns);
}

// The first of the largest; a NaN counts as the largest, as in max.
int64_t argmax(const float* x, int64_t n) {
  const float best = reduce(ReduceOp::max, x, n);
  for (int64_t i = 0; i < n; ++i)
    if (x[i] == best || x[i] != x[i]) return i;
  return 0;
}

void scaled(float* y, const float* x, float scale, bool accumulate, int64_t n) {
  if (accumulate) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) y[i] = scale * x[i] + y[i];
  } else {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) y[i] = scale * x[i];
  }
}

}  // namespace

void add_reduce(Kernels& table) {
  table.reduce = reduce;
  table.reduce_rows = reduce_rows;
  table.sum_squares = in_pieces<squares_of_piece>;
  table.argmax = argmax;
  table.scaled = scaled;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
