// SPDX-License-Identifier: Apache-2.0
// What attention and its gradient do to a row of scores: which keys it sees, bias, exponentials, dropout.
#pragma once

#include "backends/cpu/kernels.h"
#include "backends/cpu/kernels/largest.h"
#include "backends/cpu/kernels/philox_lanes.h"
#include "backends/cpu/kernels/small_product.h"
#include "backends/shared/pointwise.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int64_t block_rows = 48;         // queries at a time: whole tiles
constexpr float lowest = -3.40282347e38f;  // below every finite score, and finite itself: lowest - lowest is no NaN

// Query i sees keys [0, keys_seen): all, or those up to its own place when causal, where the last query sees every key.
[[gnu::always_inline]] inline int64_t keys_seen(const AttentionHead& head, int64_t i) {
  if (!head.causal) return head.m;
  const int64_t last = i + head.m - head.n + 1;
  return last < 0 ? 0 : last;
}

[[maybe_unused]] inline void add_bias(float* row, const float* bias, int64_t m) {
#pragma omp simd
  for (int64_t j = 0; j < m; ++j) row[j] += bias[j];
}

// exp(x - max) of a row of m scores in place; returns 1 / sum and, if lse is not null, max + log(sum).
[[maybe_unused]] inline float exponentials(float* x, int64_t m, float* lse) {
  const float top = largest(x, m, lowest);
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t j = 0; j < m; ++j) {
    const float e = f32::exp_real(x[j] - top);
    x[j] = e;
    sum += e;
  }
  if (lse) *lse = top + f32::log_real(sum);
  return sum > 0 ? 1 / sum : 0;  // 0 where every score is -infinity
}

// The words of keys [0, m) for query i.
[[maybe_unused]] inline void mask_words(uint32_t* words, const AttentionHead& head, int64_t i, int64_t m) {
  attention_words(words, (m + 3) / 4, head.first_query + static_cast<uint32_t>(i), head.head, head.dropout.seed,
                  head.dropout.stream);
}

[[maybe_unused]] inline void drop(float* row, const uint32_t* words, int64_t m, const DropoutMask& mask) {
  const int32_t threshold = static_cast<int32_t>(mask.threshold);
  const float factor = mask.factor;
#pragma omp simd
  for (int64_t j = 0; j < m; ++j) {
    const float kept = row[j] * factor;
    row[j] = static_cast<int32_t>(words[j] >> 8) >= threshold ? kept : 0.0f;
  }
}

}  // namespace
}  // namespace thaw::cpu::THAW_CPU_ISA
