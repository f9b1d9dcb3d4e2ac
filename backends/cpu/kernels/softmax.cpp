// SPDX-License-Identifier: Apache-2.0
// Softmax and cross-entropy of one row.
#include "backends/cpu/kernels/families.h"
#include "backends/cpu/kernels/largest.h"
#include "backends/shared/pointwise.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int64_t piece = 1024;
constexpr float lowest = -3.40282347e38f;

// y = exp(x - shift); returns the sum of y.
float exponentials(float* y, const float* x, int64_t n, float shift) {
  double total = 0;
  for (int64_t begin = 0; begin < n; begin += piece) {
    const int64_t end = n - begin < piece ? n : begin + piece;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = begin; i < end; ++i) {
      const float e = f32::exp_real(x[i] - shift);
      y[i] = e;
      sum += e;
    }
    total += static_cast<double>(sum);
  }
  return static_cast<float>(total);
}

void softmax(float* y, const float* x, int64_t n) {
  const float factor = 1 / exponentials(y, x, n, largest(x, n, lowest));
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) y[i] *= factor;
}

void softmax_backward(float* dx, const float* dy, const float* y, int64_t n) {
  double total = 0;
  for (int64_t begin = 0; begin < n; begin += piece) {
    const int64_t end = n - begin < piece ? n : begin + piece;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = begin; i < end; ++i) sum += dy[i] * y[i];
    total += static_cast<double>(sum);
  }
  const float product = static_cast<float>(total);
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) dx[i] = y[i] * (dy[i] - product);
}

// In one pass: each piece is summed against the largest number so far, and the sum before it rescaled (Milakov &
// Gimelshein 2018).
void log_sum_exp(const float* x, int64_t n, float* shift_out, float* log_sum) {
  float shift = lowest;
  float total = 0;
  for (int64_t begin = 0; begin < n; begin += piece) {
    const int64_t count = n - begin < piece ? n - begin : piece;
    const float* const from = x + begin;
    const float top = largest(from, count, shift);
    if (top > shift) {
      total *= f32::exp_real(shift - top);
      shift = top;
    }
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < count; ++i) sum += f32::exp_real(from[i] - shift);
    total += sum;
  }
  *shift_out = shift;
  *log_sum = f32::log_real(total);
}

void cross_entropy_backward(float* y, const float* x, float lse, float d, float smoothing, int64_t n) {
  const float share = smoothing / static_cast<float>(n);
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) y[i] = d * (f32::exp_real(x[i] - lse) - share);
}

}  // namespace

void add_softmax(Kernels& table) {
  table.softmax = softmax;
  table.softmax_backward = softmax_backward;
  table.log_sum_exp = log_sum_exp;
  table.cross_entropy_backward = cross_entropy_backward;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
