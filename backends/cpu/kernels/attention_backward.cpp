// SPDX-License-Identifier: Apache-2.0
// The gradient of attention of one head of one segment. Probabilities are recomputed from the kept log-sum-exp, a block
// of queries at a time; all queries of the head pass here one after the other, so that dK and dV add up in a fixed
// order. n queries, m keys, D head size.
#include "backends/cpu/kernels/attention_rows.h"
#include "backends/cpu/kernels/families.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

// The parts of the workspace.
struct Workspace {
  float* keys_transposed;    // K^T * scale, in panels
  float* values_transposed;  // V^T, in panels
  float* keys;               // K, in panels
  float* queries;            // Q of the block, in panels
  float* gradients;          // dout of the block, in panels
  float* p;                  // [block, keys_wide]: probabilities after dropout
  float* ds;                 // [block, keys_wide]
  float* dq;                 // [block, size_wide]
  float* dk;                 // [m, size_wide]
  float* dv;                 // [m, size_wide]
  uint32_t* words;
};

// Cuts the workspace into its parts; returns their total size in floats.
int64_t cut(Workspace& parts, float* from, int64_t n, int64_t m, int64_t size) {
  const int64_t block = n < block_rows ? n : block_rows;
  const int64_t keys_wide = round_to_panels(m), size_wide = round_to_panels(size);
  int64_t used = 0;
  const auto take = [&](int64_t count) {
    float* const part = from + used;
    used += count;
    return part;
  };
  parts.keys_transposed = take(size * keys_wide);
  parts.values_transposed = take(size * keys_wide);
  parts.keys = take(m * size_wide);
  parts.queries = take(block * size_wide);
  parts.gradients = take(block * size_wide);
  parts.p = take(block * keys_wide);
  parts.ds = take(block * keys_wide);
  parts.dq = take(block * size_wide);
  parts.dk = take(m * size_wide);
  parts.dv = take(m * size_wide);
  parts.words = reinterpret_cast<uint32_t*>(take(word_room(m)));
  return used;
}

int64_t attention_backward_workspace(int64_t n, int64_t m, int64_t size) {
  Workspace parts;
  alignas(64) static float base[1];
  return cut(parts, base, n, m, size);
}

float dot(const float* a, const float* b, int64_t n) {
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < n; ++i) total += a[i] * b[i];
  return total;
}

// Scores and dP of a row become the probabilities after dropout (p) and dS (ds).
void row_gradients(float* p, float* ds, int64_t m, float lse, float delta, const uint32_t* words,
                   const DropoutMask& mask) {
  if (mask.threshold) {
    const int32_t threshold = static_cast<int32_t>(mask.threshold);
    const float factor = mask.factor;
#pragma omp simd
    for (int64_t j = 0; j < m; ++j) {
      const float e = f32::exp_real(p[j] - lse);
      const float kept = static_cast<int32_t>(words[j] >> 8) >= threshold ? factor : 0.0f;
      p[j] = e * kept;
      ds[j] = e * (ds[j] * kept - delta);
    }
  } else {
#pragma omp simd
    for (int64_t j = 0; j < m; ++j) {
      const float e = f32::exp_real(p[j] - lse);
      p[j] = e;
      ds[j] = e * (ds[j] - delta);
    }
  }
}

void add_to(float* to, const float* from, int64_t n) {
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) to[i] += from[i];
}

// to[r * stride + d] = factor * from[r * from_stride + d]
void copy_rows(float* to, int64_t stride, const float* from, int64_t from_stride, int64_t rows, int64_t columns,
               float factor) {
  for (int64_t r = 0; r < rows; ++r) {
    float* const y = to + r * stride;
    const float* const x = from + r * from_stride;
#pragma omp simd
    for (int64_t d = 0; d < columns; ++d) y[d] = factor * x[d];
  }
}

void attention_backward(const AttentionHeadBackward& args) {
  const AttentionHead& head = args.forward;
  const int64_t n = head.n, m = head.m, size = head.size;
  const int64_t keys_wide = round_to_panels(m), size_wide = round_to_panels(size);
  const int64_t block = n < block_rows ? n : block_rows;
  Workspace w;
  cut(w, args.workspace, n, m, size);
  pack_transposed(w.keys_transposed, head.k, head.k_stride, size, m, head.scale);
  const bool wants_ds = args.dq || args.dk || args.dbias;
  if (wants_ds) pack_transposed(w.values_transposed, head.v, head.v_stride, size, m, 1);
  if (args.dq) pack_rows(w.keys, head.k, head.k_stride, m, size);
  for (int64_t i = 0; args.dk && i < m * size_wide; ++i) w.dk[i] = 0;
  for (int64_t i = 0; args.dv && i < m * size_wide; ++i) w.dv[i] = 0;
  for (int64_t i = 0; args.dbias && i < n + m - 1; ++i) args.dbias[i] = 0;

  for (int64_t i0 = 0; i0 < n; i0 += block) {
    const int64_t rows = n - i0 < block ? n - i0 : block;
    const int64_t seen = keys_seen(head, i0 + rows - 1);
    const float* const q = head.q + i0 * head.q_stride;
    const float* const dout = args.dout + i0 * args.dout_stride;
    if (seen > 0) {
      product<false>(w.p, keys_wide, q, head.q_stride, 1, w.keys_transposed, size * panel, rows, seen, size);
      if (wants_ds)
        product<false>(w.ds, keys_wide, dout, args.dout_stride, 1, w.values_transposed, size * panel, rows, seen, size);
    }
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t i = i0 + r, own = keys_seen(head, i);
      float* const p = w.p + r * keys_wide;
      float* const ds = w.ds + r * keys_wide;
      if (own > 0) {
        if (head.bias) add_bias(p, head.bias + (n - 1) - i, own);
        if (head.dropout.threshold) mask_words(w.words, head, i, own);
        const float delta = wants_ds ? dot(dout + r * args.dout_stride, head.out + i * head.out_stride, size) : 0;
        const float lse = head.lse[i] > lowest ? head.lse[i] : lowest;
        row_gradients(p, ds, own, lse, delta, w.words, head.dropout);
        if (args.dbias) add_to(args.dbias + (n - 1) - i, ds, own);
      }
      for (int64_t j = own; j < seen; ++j) p[j] = ds[j] = 0;
    }
    if (args.dq) {
      product<false>(w.dq, size_wide, w.ds, keys_wide, 1, w.keys, m * panel, rows, size, seen);
      copy_rows(args.dq + i0 * args.dq_stride, args.dq_stride, w.dq, size_wide, rows, size, head.scale);
    }
    if (args.dk) {
      pack_rows(w.queries, q, head.q_stride, rows, size);
      product<true>(w.dk, size_wide, w.ds, 1, keys_wide, w.queries, rows * panel, seen, size, rows);
    }
    if (args.dv) {
      pack_rows(w.gradients, dout, args.dout_stride, rows, size);
      product<true>(w.dv, size_wide, w.p, 1, keys_wide, w.gradients, rows * panel, seen, size, rows);
    }
  }
  if (args.dk) copy_rows(args.dk, args.dk_stride, w.dk, size_wide, m, size, head.scale);
  if (args.dv) copy_rows(args.dv, args.dv_stride, w.dv, size_wide, m, size, 1);
}

}  // namespace

void add_attention_backward(Kernels& table) {
  table.attention_backward_workspace = attention_backward_workspace;
  table.attention_backward = attention_backward;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
