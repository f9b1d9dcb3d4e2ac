#version 460
// SPDX-License-Identifier: Apache-2.0
// Attention over packed segments (Vaswani et al. 2017) by blocks with a running maximum m and sum l of each row (Dao et
// al. 2022): a workgroup has a block of queries; nothing of the size of the scores is kept.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "philox.glsl"
#include "pointwise.glsl"
#include "attention.glsl"

layout(constant_id = 7) const bool keeps_lse = false;

shared float row_maxima[block * (side + 1)], row_sums[block * (side + 1)];

void main() {
  const uint number = group_number();
  if (number >= count * heads) return;
  const uint h = number % heads, x = gl_LocalInvocationID.x % side;
  const Block queries = blocks.at[number / heads];
  uint keys = queries.count;
  if (causal) keys = uint(clamp(int(queries.position + queries.rows) + queries.offset, 0, int(keys)));

  float m[tile], l[tile];
  float sums[chunks][tile][tile];
  [[unroll]] for (uint r = 0; r < tile; ++r) {
    m[r] = lowest;
    l[r] = 0.0;
  }
  [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) set_zero(sums[chunk]);

  for (uint j = 0; j < keys; j += block) {
    Pair pair;
    pair.q_first = queries.first;
    pair.q_rows = queries.rows;
    pair.i = queries.position;
    pair.k_first = queries.begin + j;
    pair.k_rows = min(block, keys - j);
    pair.j = j;
    pair.offset = queries.offset;
    pair.h = h;
    float p[tile][tile], factors[tile][tile];
    compute_scores(pair, p);

    [[unroll]] for (uint r = 0; r < tile; ++r) {
      float largest = p[r][0];
      [[unroll]] for (uint c = 1; c < tile; ++c) largest = max(largest, p[r][c]);
      row_maxima[(first_row() + r) * (side + 1) + x] = largest;
    }
    barrier();
    compute_factors(pair, factors);
    [[unroll]] for (uint r = 0; r < tile; ++r) {
      float largest = m[r];
      for (uint part = 0; part < side; ++part)
        largest = max(largest, row_maxima[(first_row() + r) * (side + 1) + part]);
      const float shrink = exp_real(m[r] - largest);
      m[r] = largest;
      l[r] *= shrink;
      [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk)
        [[unroll]] for (uint c = 0; c < tile; ++c) sums[chunk][r][c] *= shrink;
      float sum = 0.0;
      [[unroll]] for (uint c = 0; c < tile; ++c) {
        p[r][c] = exp_real(p[r][c] - largest);
        sum += p[r][c];
        p[r][c] *= factors[r][c];
      }
      row_sums[(first_row() + r) * (side + 1) + x] = sum;
    }
    put_weights(p);
    barrier();
    [[unroll]] for (uint r = 0; r < tile; ++r)
      for (uint part = 0; part < side; ++part) l[r] += row_sums[(first_row() + r) * (side + 1) + part];
    [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
      if (chunk > 0) barrier();
      load(right_tile, call.v, pair.k_first, pair.k_rows, h, chunk);
      barrier();
      add_product(sums[chunk], weight_tile, stride, 1, right_tile, stride, 1);
    }
  }

  [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
    [[unroll]] for (uint r = 0; r < tile; ++r)
      [[unroll]] for (uint c = 0; c < tile; ++c) sums[chunk][r][c] = l[r] == 0.0 ? 0.0 : sums[chunk][r][c] / l[r];
    store(call.result, queries.first, queries.rows, h, chunk, sums[chunk]);
  }
  if (keeps_lse && x == 0)
    [[unroll]] for (uint r = 0; r < tile; ++r)
      if (first_row() + r < queries.rows)
        call.lse.at[h * call.lse_head + queries.first + first_row() + r] = m[r] + log_real(l[r]);
}
