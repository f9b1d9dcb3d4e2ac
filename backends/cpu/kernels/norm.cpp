// SPDX-License-Identifier: Apache-2.0
// Norms, row by row: dropout, residual, statistics and result in one visit of a row, which stays in the nearest cache.
#include "backends/cpu/kernels/families.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

// y = dropout(x) + residual; residual may be null.
void add_dropped(float* y, const float* x, const float* residual, int64_t n, uint64_t first, const DropoutMask& mask) {
  if (mask.threshold == 0) {
    if (!residual) {
      __builtin_memcpy(y, x, static_cast<size_t>(n) * sizeof(float));
      return;
    }
#pragma omp simd
    for (int64_t c = 0; c < n; ++c) y[c] = x[c] + residual[c];
    return;
  }
  dropout(y, x, residual, n, first, mask);
}

float sum_of(const float* x, int64_t n) {
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t c = 0; c < n; ++c) total += x[c];
  return total;
}

float squares_around(const float* x, float mean, int64_t n) {
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t c = 0; c < n; ++c) {
    const float d = x[c] - mean;
    total += d * d;
  }
  return total;
}

// y = (s - mean) * rstd * weight + bias
void scale_row(float* y, const float* s, float mean, float rstd, const float* weight, const float* bias, int64_t n) {
  if (weight && bias) {
#pragma omp simd
    for (int64_t c = 0; c < n; ++c) y[c] = (s[c] - mean) * rstd * weight[c] + bias[c];
  } else if (weight) {
#pragma omp simd
    for (int64_t c = 0; c < n; ++c) y[c] = (s[c] - mean) * rstd * weight[c];
  } else if (bias) {
#pragma omp simd
    for (int64_t c = 0; c < n; ++c) y[c] = (s[c] - mean) * rstd + bias[c];
  } else {
#pragma omp simd
    for (int64_t c = 0; c < n; ++c) y[c] = (s[c] - mean) * rstd;
  }
}

void norm(const NormRows& args) {
  const int64_t n = args.channels;
  const float share = 1 / static_cast<float>(n);
  for (int64_t r = 0; r < args.rows; ++r) {
    const float* s = args.x + r * n;
    float* const y = args.y + r * n;
    if (args.residual || args.dropout.threshold) {
      float* const sum = args.sum ? args.sum + r * n : y;
      add_dropped(sum, s, args.residual ? args.residual + r * n : nullptr, n,
                  args.first_element + static_cast<uint64_t>(r * n), args.dropout);
      s = sum;
    } else if (args.sum) {
      __builtin_memcpy(args.sum + r * n, s, static_cast<size_t>(n) * sizeof(float));
    }
    const float mean = args.kind == NormKind::layer ? sum_of(s, n) * share : 0;
    const float rstd = 1 / __builtin_sqrtf(squares_around(s, mean, n) * share + args.eps);
    scale_row(y, s, mean, rstd, args.weight, args.bias, n);
    if (args.mean) args.mean[r] = mean;
    if (args.rstd) args.rstd[r] = rstd;
  }
}

// ds of one row, into `to`: rstd * (g - mean(g) - n * mean(g n)), without mean(g) for rms. `to` holds g in between:
// rounded as its mean's terms are, so that a norm over one channel has the gradient 0.
void gradient_row(float* to, const float* dy, const float* s, const float* weight, float mean, float rstd, bool centred,
                  int64_t n) {
  float sum = 0, product = 0;
  if (weight) {
#pragma omp simd reduction(+ : sum, product)
    for (int64_t c = 0; c < n; ++c) {
      const float g = dy[c] * weight[c];
      to[c] = g;
      sum += g;
      product += g * (s[c] - mean);
    }
  } else {
#pragma omp simd reduction(+ : sum, product)
    for (int64_t c = 0; c < n; ++c) {
      to[c] = dy[c];
      sum += dy[c];
      product += dy[c] * (s[c] - mean);
    }
  }
  const float share = 1 / static_cast<float>(n);
  const float mean_of_g = centred ? sum * share : 0;
  const float slope = product * rstd * share * rstd;  // n * mean(g n) = (s - mean) * slope
#pragma omp simd
  for (int64_t c = 0; c < n; ++c) to[c] = rstd * (to[c] - mean_of_g - (s[c] - mean) * slope);
}

void norm_backward(const NormBackwardRows& args) {
  const int64_t n = args.channels;
  for (int64_t c = 0; args.dweight && c < n; ++c) args.dweight[c] = 0;
  for (int64_t c = 0; args.dbias && c < n; ++c) args.dbias[c] = 0;
  for (int64_t r = 0; r < args.rows; ++r) {
    const float* const dy = args.dy + r * n;
    const float* const s = args.s + r * n;
    const float mean = args.mean ? args.mean[r] : 0, rstd = args.rstd[r];
    if (float* const dweight = args.dweight) {
#pragma omp simd
      for (int64_t c = 0; c < n; ++c) dweight[c] += dy[c] * ((s[c] - mean) * rstd);
    }
    if (float* const dbias = args.dbias) {
#pragma omp simd
      for (int64_t c = 0; c < n; ++c) dbias[c] += dy[c];
    }
    if (!args.dx && !args.dresidual) continue;
    float* const ds = args.dresidual ? args.dresidual + r * n : args.dx + r * n;
    gradient_row(ds, dy, s, args.weight, mean, rstd, args.kind == NormKind::layer, n);
    if (args.dx && (args.dresidual || args.dropout.threshold))
      add_dropped(args.dx + r * n, ds, nullptr, n, args.first_element + static_cast<uint64_t>(r * n), args.dropout);
  }
}

}  // namespace

void add_norm(Kernels& table) {
  table.norm = norm;
  table.norm_backward = norm_backward;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
