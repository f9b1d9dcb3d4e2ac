#version 460
// SPDX-License-Identifier: Apache-2.0
// Gradients of attention with respect to keys and values (AttentionBackwardArgs in tensor/kernel_args.h): a workgroup
// has a block of keys and goes through the queries of its segment. dv = dropout(p)^T dresult, dk = scale dscore^T q.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "philox.glsl"
#include "pointwise.glsl"
#include "attention.glsl"
#include "attention_backward.glsl"

layout(constant_id = 7) const bool wants_dk = false;
layout(constant_id = 8) const bool wants_dv = false;

void main() {
  const uint number = group_number();
  if (number >= count * heads) return;
  const uint h = number % heads;
  const Block keys = blocks.at[number / heads];
  // The first query that sees a key of this block.
  uint begin = 0;
  if (causal) begin = uint(max(0, int(keys.position) - keys.offset)) / block * block;

  float dk[chunks][tile][tile], dv[chunks][tile][tile];
  [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
    set_zero(dk[chunk]);
    set_zero(dv[chunk]);
  }
  for (uint i = begin; i < keys.count; i += block) {
    Pair pair;
    pair.q_first = keys.begin + i;
    pair.q_rows = min(block, keys.count - i);
    pair.i = i;
    pair.k_first = keys.first;
    pair.k_rows = keys.rows;
    pair.j = keys.position;
    pair.offset = keys.offset;
    pair.h = h;
    float p[tile][tile], factors[tile][tile], dp[tile][tile];
    compute_probabilities(pair, p);
    compute_factors(pair, factors);
    set_zero(dp);
    if (wants_dv) {
      float weights[tile][tile];
      [[unroll]] for (uint r = 0; r < tile; ++r)
        [[unroll]] for (uint c = 0; c < tile; ++c) weights[r][c] = p[r][c] * factors[r][c];
      put_weights(weights);
    }
    [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
      barrier();
      load(left_tile, call.dresult, pair.q_first, pair.q_rows, h, chunk);
      if (wants_dk) load(right_tile, call.v, pair.k_first, pair.k_rows, h, chunk);
      barrier();
      if (wants_dv) add_product(dv[chunk], weight_tile, 1, stride, left_tile, stride, 1);
      if (wants_dk) add_product(dp, left_tile, stride, 1, right_tile, 1, stride);
    }
    if (wants_dk) {
      compute_dscores(pair, p, factors, dp);
      barrier();
      put_weights(dp);
      [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
        if (chunk > 0) barrier();
        load(right_tile, call.q, pair.q_first, pair.q_rows, h, chunk);
        barrier();
        add_product(dk[chunk], weight_tile, 1, stride, right_tile, stride, 1);
      }
    }
  }
  [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
    [[unroll]] for (uint r = 0; r < tile; ++r)
      [[unroll]] for (uint c = 0; c < tile; ++c) dk[chunk][r][c] *= call.scale;
    if (wants_dk) store(call.dk, keys.first, keys.rows, h, chunk, dk[chunk]);
    if (wants_dv) store(call.dv, keys.first, keys.rows, h, chunk, dv[chunk]);
  }
}
