#version 460
// SPDX-License-Identifier: Apache-2.0
// Matrix product, straight from memory: each invocation computes tile_m x tile_n numbers in registers. For any strides
// and sizes; where shared memory is no faster than memory (processors), and where a product is too small or too oddly
// laid out for the other kernels.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "types.glsl"
#include "pointwise.glsl"
#include "matmul.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 7) const uint lanes_n = 8;  // invocations side by side along n; the others along m
layout(constant_id = 8) const uint tile_m = 4;
layout(constant_id = 9) const uint tile_n = 4;

void main() {
  const uint group_m = workgroup / lanes_n * tile_m;
  const uint group_n = lanes_n * tile_n;
  const uint tiles_m = (m + group_m - 1) / group_m;
  const uint tiles = tiles_m * ((n + group_n - 1) / group_n);
  const uint part = group_number() / tiles;  // of all batches' k: part * batches + batch
  if (part >= batches * ((max(k, 1) + k_part - 1) / k_part)) return;
  const uint tile = group_number() % tiles;
  const uint batch = part % batches;
  const uint lane = gl_LocalInvocationID.x;
  const uint m0 = tile % tiles_m * group_m + lane / lanes_n * tile_m;
  const uint n0 = tile / tiles_m * group_n + lane % lanes_n;

  // Rows and columns outside are computed as the last ones inside, and not written.
  uint row_start[tile_m], column_start[tile_n];
  const uint k0 = part / batches * k_part;
  [[unroll]] for (uint i = 0; i < tile_m; ++i)
    row_start[i] = start_of(a_batch, batch) + min(m0 + i, m - 1) * a_row + k0 * a_column;
  [[unroll]] for (uint j = 0; j < tile_n; ++j)
    column_start[j] = start_of(b_batch, batch) + min(n0 + j * lanes_n, n - 1) * b_column + k0 * b_row;
  float sums[tile_m][tile_n];
  [[unroll]] for (uint i = 0; i < tile_m; ++i) [[unroll]] for (uint j = 0; j < tile_n; ++j) sums[i][j] = 0.0;
  const uint count = min(k_part, k - k0);
  for (uint p = 0; p < count; ++p) {
    float right[tile_n];
    [[unroll]] for (uint j = 0; j < tile_n; ++j) right[j] = read(b, column_start[j] + p * b_row);
    [[unroll]] for (uint i = 0; i < tile_m; ++i) {
      const float left = read(a, row_start[i] + p * a_column);
      [[unroll]] for (uint j = 0; j < tile_n; ++j) sums[i][j] += left * right[j];
    }
  }

  const uint start = target_start(part);
  [[unroll]] for (uint i = 0; i < tile_m; ++i)
    [[unroll]] for (uint j = 0; j < tile_n; ++j)
      if (m0 + i < m && n0 + j * lanes_n < n)
        finish(start + (m0 + i) * target_row + n0 + j * lanes_n, n0 + j * lanes_n, sums[i][j]);
}
