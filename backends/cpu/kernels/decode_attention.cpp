// SPDX-License-Identifier: Apache-2.0
// Attention of few queries: keys and values are read where they lie, a piece of the keys at a time for all heads, so
// that their rows are walked once. A query's sums have one order, whatever else is computed beside it. m keys, D head
// size.
#include "backends/cpu/kernels/attention_rows.h"
#include "backends/cpu/kernels/families.h"
#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int64_t piece = 64;  // keys at a time
constexpr int group = 4;       // of them side by side

constexpr int64_t round_to_lines(int64_t n) { return (n + 15) / 16 * 16; }

int64_t decode_workspace(int64_t m, int64_t heads, int64_t size) {
  return heads * round_to_lines(m) + round_to_lines(heads * size);
}

[[gnu::always_inline]] inline int64_t place_of(const DecodeHeads& a, int64_t j) { return a.places ? a.places[j] : j; }

// scores[j] = scale * q k[j], keys [begin, end) of one head. A group that is not full repeats the last key.
void score(float* scores, const DecodeHeads& a, const float* q, const float* k, int64_t begin, int64_t end) {
  for (int64_t j = begin; j < end; j += group) {
    const float* rows[group];
    for (int g = 0; g < group; ++g) rows[g] = k + place_of(a, j + g < end ? j + g : end - 1) * a.row;
    vec sums[group] = {};
    int64_t d = 0;
    for (; d + lanes <= a.size; d += lanes) {
      const vec x = load(q + d);
#pragma GCC unroll 4
      for (int g = 0; g < group; ++g) sums[g] += x * load(rows[g] + d);
    }
    const vec4 whole = sums_of(sums[0], sums[1], sums[2], sums[3]);
    for (int g = 0; g < group && j + g < end; ++g) {
      float sum = whole[g];
      for (int64_t i = d; i < a.size; ++i) sum += q[i] * rows[g][i];
      scores[j + g] = sum * a.scale;
    }
  }
}

// sum[0 .. count * lanes) += weights[j] v[j], keys [begin, end).
template <int count>
[[gnu::always_inline]] inline void add_values(float* sum, const DecodeHeads& a, const float* weights, const float* v,
                                              int64_t begin, int64_t end) {
  vec total[count];
#pragma GCC unroll 4
  for (int c = 0; c < count; ++c) total[c] = load(sum + c * lanes);
  for (int64_t j = begin; j < end; ++j) {
    const float* const row = v + place_of(a, j) * a.row;
    const vec weight = vec{} + weights[j];
#pragma GCC unroll 4
    for (int c = 0; c < count; ++c) total[c] += weight * load(row + c * lanes);
  }
#pragma GCC unroll 4
  for (int c = 0; c < count; ++c) store(sum + c * lanes, total[c]);
}

// sum += weights[j] v[j] of one head, keys [begin, end).
void add_weighted(float* sum, const DecodeHeads& a, const float* weights, const float* v, int64_t begin, int64_t end) {
  int64_t d = 0;
  for (; d + 4 * lanes <= a.size; d += 4 * lanes) add_values<4>(sum + d, a, weights, v + d, begin, end);
  for (; d + lanes <= a.size; d += lanes) add_values<1>(sum + d, a, weights, v + d, begin, end);
  for (; d < a.size; ++d)
    for (int64_t j = begin; j < end; ++j) sum[d] += weights[j] * v[place_of(a, j) * a.row + d];
}

void decode_attention(const DecodeHeads& a) {
  const int64_t row_size = round_to_lines(a.m), width = a.heads * a.size;
  float* const scores = a.workspace;                // [heads, row_size]
  float* const sums = scores + a.heads * row_size;  // [heads, D]
  for (int64_t i = 0; i < a.n; ++i) {
    const float* const q = a.q + i * a.row;
    float* const out = a.out + i * a.row;
    const int64_t last = i + a.m - a.n + 1;
    const int64_t seen = !a.causal ? a.m : last < 0 ? 0 : last;
    for (int64_t d = 0; d < width; ++d) sums[d] = 0;
    for (int64_t j = 0; j < seen; j += piece)
      for (int64_t h = 0; h < a.heads; ++h)
        score(scores + h * row_size, a, q + h * a.size, a.k + h * a.size, j, j + piece < seen ? j + piece : seen);
    for (int64_t h = 0; h < a.heads && seen > 0; ++h) {
      float* const row = scores + h * row_size;
      if (a.bias) add_bias(row, a.bias + h * a.bias_row + (a.n - 1) - i, seen);
      const float factor = exponentials(row, seen, nullptr);
#pragma omp simd
      for (int64_t j = 0; j < seen; ++j) row[j] *= factor;
    }
    for (int64_t j = 0; j < seen; j += piece)
      for (int64_t h = 0; h < a.heads; ++h)
        add_weighted(sums + h * a.size, a, scores + h * row_size, a.v + h * a.size, j,
                     j + piece < seen ? j + piece : seen);
    for (int64_t d = 0; d < width; ++d) out[d] = sums[d];
  }
}

}  // namespace

void add_decode_attention(Kernels& table) {
  table.decode_workspace = decode_workspace;
  table.decode_attention = decode_attention;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
