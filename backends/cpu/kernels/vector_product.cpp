// SPDX-License-Identifier: Apache-2.0
// A vector times a matrix. Reading the matrix is all that takes time: several of its rows are read at once, each number
// one time.
#include "backends/cpu/kernels/families.h"
#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

float sum_of(vec v) {
  float total = 0;
  for (int i = 0; i < lanes; ++i) total += v[i];
  return total;
}

// The sum of a row has the same order whatever `count` is.
template <int count>
[[gnu::always_inline]] inline void dots_of(float* y, const float* x, const float* m, int64_t stride, int64_t depth) {
  vec left[count], right[count];
#pragma GCC unroll 4
  for (int r = 0; r < count; ++r) left[r] = right[r] = vec{};
  int64_t k = 0;
  for (; k + 2 * lanes <= depth; k += 2 * lanes) {
    const vec x0 = load(x + k), x1 = load(x + k + lanes);
#pragma GCC unroll 4
    for (int r = 0; r < count; ++r) {
      left[r] += x0 * load(m + r * stride + k);
      right[r] += x1 * load(m + r * stride + k + lanes);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < count; ++r) {
    float rest = 0;
    for (int64_t i = k; i < depth; ++i) rest += x[i] * m[r * stride + i];
    y[r] = sum_of(left[r] + right[r]) + rest;
  }
}

void dots(float* y, const float* x, const float* m, int64_t stride, int64_t depth, int64_t n) {
  int64_t j = 0;
  for (; j + 4 <= n; j += 4) dots_of<4>(y + j, x, m + j * stride, stride, depth);
  for (; j < n; ++j) dots_of<1>(y + j, x, m + j * stride, stride, depth);
}

// y += x[0] m[0] + ... for `count` rows of the matrix.
template <int count>
[[gnu::always_inline]] inline void add_rows(float* y, const float* x, const float* m, int64_t stride, int64_t n) {
  vec factor[count];
#pragma GCC unroll 8
  for (int r = 0; r < count; ++r) factor[r] = vec{} + x[r];
  int64_t j = 0;
  for (; j + 2 * lanes <= n; j += 2 * lanes) {
    vec left = load(y + j), right = load(y + j + lanes);
#pragma GCC unroll 8
    for (int r = 0; r < count; ++r) {
      left += factor[r] * load(m + r * stride + j);
      right += factor[r] * load(m + r * stride + j + lanes);
    }
    store(y + j, left);
    store(y + j + lanes, right);
  }
  for (; j + lanes <= n; j += lanes) {
    vec sum = load(y + j);
#pragma GCC unroll 8
    for (int r = 0; r < count; ++r) sum += factor[r] * load(m + r * stride + j);
    store(y + j, sum);
  }
  for (; j < n; ++j) {
    float sum = y[j];
    for (int r = 0; r < count; ++r) sum += x[r] * m[r * stride + j];
    y[j] = sum;
  }
}

void weighted_rows(float* y, const float* x, const float* m, int64_t stride, int64_t depth, int64_t n,
                   bool accumulate) {
  if (!accumulate)
    for (int64_t j = 0; j < n; ++j) y[j] = 0;
  int64_t k = 0;
  for (; k + 8 <= depth; k += 8) add_rows<8>(y, x + k, m + k * stride, stride, n);
  for (; k < depth; ++k) add_rows<1>(y, x + k, m + k * stride, stride, n);
}

}  // namespace

void add_vector_product(Kernels& table) {
  table.dots = dots;
  table.weighted_rows = weighted_rows;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
