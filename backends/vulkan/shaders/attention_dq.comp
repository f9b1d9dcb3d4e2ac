#version 460
// SPDX-License-Identifier: Apache-2.0
// Gradients of attention with respect to queries and to the table of the relative bias (AttentionBackwardArgs in
// tensor/kernel_args.h): a workgroup has a block of queries and goes through the keys of its segment. dq = scale dscore
// k; dtable[bucket] sums dscore over its pairs, here those of the block: first along diagonals, which have one distance
// each, then by bucket.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "philox.glsl"
#include "pointwise.glsl"
#include "attention.glsl"
#include "attention_backward.glsl"

layout(constant_id = 7) const bool wants_dq = false;
layout(constant_id = 8) const bool wants_dtable = false;
layout(constant_id = 9) const uint buckets = 32;

shared float bucket_sums[buckets];
shared int diagonal_buckets[2 * block];

// Adds the dscores that lie in the tile of weights. Afterwards the invocations are in step.
void add_to_buckets(Pair pair) {
  for (uint t = gl_LocalInvocationID.x; t < 2 * block - 1; t += workgroup) {
    float sum = 0.0;  // of the elements with c - r = t - (block - 1)
    const uint first = t < block ? block - 1 - t : 0;
    const uint end = t < block ? block : 2 * block - 1 - t;
    for (uint r = first; r < end; ++r) sum += tiles[weight_tile + r * stride + r + t - (block - 1)];
    diagonals[t] = sum;
    const int distance =
        clamp(call.zero + int(pair.j) - int(pair.i) + int(t) - int(block - 1), 0, int(call.distances) - 1);
    diagonal_buckets[t] = call.bucket_of.at[distance];
  }
  barrier();
  for (uint bucket = gl_LocalInvocationID.x; bucket < buckets; bucket += workgroup) {
    float sum = bucket_sums[bucket];
    for (uint t = 0; t < 2 * block - 1; ++t)
      if (diagonal_buckets[t] == int(bucket)) sum += diagonals[t];
    bucket_sums[bucket] = sum;
  }
  barrier();
}

void main() {
  const uint number = group_number();
  if (number >= count * heads) return;
  const uint h = number % heads;
  const Block queries = blocks.at[number / heads];
  uint keys = queries.count;
  if (causal) keys = uint(clamp(int(queries.position + queries.rows) + queries.offset, 0, int(keys)));

  if (wants_dtable)
    for (uint bucket = gl_LocalInvocationID.x; bucket < buckets; bucket += workgroup) bucket_sums[bucket] = 0.0;
  float dq[chunks][tile][tile];
  [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) set_zero(dq[chunk]);
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
    float p[tile][tile], factors[tile][tile], dp[tile][tile];
    compute_probabilities(pair, p);
    compute_factors(pair, factors);
    set_zero(dp);
    for (uint chunk = 0; chunk < chunks; ++chunk) {
      barrier();
      load(left_tile, call.dresult, pair.q_first, pair.q_rows, h, chunk);
      load(right_tile, call.v, pair.k_first, pair.k_rows, h, chunk);
      barrier();
      add_product(dp, left_tile, stride, 1, right_tile, 1, stride);
    }
    compute_dscores(pair, p, factors, dp);
    put_weights(dp);
    barrier();
    if (wants_dtable) add_to_buckets(pair);
    if (wants_dq) {
      [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
        if (chunk > 0) barrier();
        load(right_tile, call.k, pair.k_first, pair.k_rows, h, chunk);
        barrier();
        add_product(dq[chunk], weight_tile, stride, 1, right_tile, stride, 1);
      }
    }
  }
  if (wants_dq) {
    [[unroll]] for (uint chunk = 0; chunk < chunks; ++chunk) {
      [[unroll]] for (uint r = 0; r < tile; ++r)
        [[unroll]] for (uint c = 0; c < tile; ++c) dq[chunk][r][c] *= call.scale;
      store(call.dq, queries.first, queries.rows, h, chunk, dq[chunk]);
    }
  }
  if (wants_dtable)
    for (uint bucket = gl_LocalInvocationID.x; bucket < buckets; bucket += workgroup)
      call.dtable.at[number * buckets + bucket] = bucket_sums[bucket];
}
