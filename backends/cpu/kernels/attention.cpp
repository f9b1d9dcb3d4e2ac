// SPDX-License-Identifier: Apache-2.0
// Attention of one head of one segment: keys and values are packed once, then blocks of queries make whole rows of
// scores, which never leave the near caches. n queries, m keys, D head size.
#include "backends/cpu/kernels/attention_rows.h"
#include "backends/cpu/kernels/families.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

int64_t attention_workspace(int64_t n, int64_t m, int64_t size) {
  const int64_t block = n < block_rows ? n : block_rows;
  return size * round_to_panels(m) + m * round_to_panels(size) + block * round_to_panels(m) +
         block * round_to_panels(size) + word_room(m);
}

void attention(const AttentionHead& head) {
  const int64_t n = head.n, m = head.m, size = head.size;
  const int64_t keys_wide = round_to_panels(m), size_wide = round_to_panels(size);
  const int64_t block = n < block_rows ? n : block_rows;
  float* const keys = head.workspace;              // K^T * scale, in panels
  float* const values = keys + size * keys_wide;   // V, in panels
  float* const scores = values + m * size_wide;    // [block, keys_wide]
  float* const sums = scores + block * keys_wide;  // [block, size_wide]
  uint32_t* const words = reinterpret_cast<uint32_t*>(sums + block * size_wide);
  pack_transposed(keys, head.k, head.k_stride, size, m, head.scale);
  pack_rows(values, head.v, head.v_stride, m, size);

  float factors[block_rows];
  for (int64_t i0 = 0; i0 < n; i0 += block) {
    const int64_t rows = n - i0 < block ? n - i0 : block;
    const int64_t seen = keys_seen(head, i0 + rows - 1);  // no row of the block sees more
    if (seen > 0)
      product<false>(scores, keys_wide, head.q + i0 * head.q_stride, head.q_stride, 1, keys, size * panel, rows, seen,
                     size);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t i = i0 + r, own = keys_seen(head, i);
      float* const row = scores + r * keys_wide;
      factors[r] = 0;
      if (own > 0) {
        if (head.bias) add_bias(row, head.bias + (n - 1) - i, own);
        factors[r] = exponentials(row, own, head.lse ? head.lse + i : nullptr);
        if (head.dropout.threshold) {
          mask_words(words, head, i, own);
          drop(row, words, own, head.dropout);
        }
      } else if (head.lse) {
        head.lse[i] = -__builtin_inff();
      }
      for (int64_t j = own; j < seen; ++j) row[j] = 0;
    }
    product<false>(sums, size_wide, scores, keys_wide, 1, values, m * panel, rows, size, seen > 0 ? seen : 0);
    for (int64_t r = 0; r < rows; ++r) {
      float* const to = head.out + (i0 + r) * head.out_stride;
      const float* const from = sums + r * size_wide;
      const float factor = factors[r];
#pragma omp simd
      for (int64_t d = 0; d < size; ++d) to[d] = from[d] * factor;
    }
  }
}

}  // namespace

void add_attention(Kernels& table) {
  table.attention_workspace = attention_workspace;
  table.attention = attention;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
