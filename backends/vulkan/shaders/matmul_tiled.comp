#version 460
// SPDX-License-Identifier: Apache-2.0
// Matrix product for GPUs: a workgroup computes tile_m x tile_n numbers, tile_k of K at a time from shared memory; an
// invocation lane_m x lane_n of them in registers. While a block of K is multiplied, the next one is on its way into
// registers, then into the other half of shared memory. Any strides and sizes; inputs are f32, or bf16 and f16 widened
// as they are read.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "types.glsl"
#include "pointwise.glsl"
#include "matmul.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 128;  // (tile_m / lane_m) * (tile_n / lane_n)
#include "matmul_tiles.glsl"
layout(constant_id = 7) const uint tile_m = 64;
layout(constant_id = 8) const uint tile_n = 64;
layout(constant_id = 9) const uint tile_k = 8;
layout(constant_id = 10) const uint lane_m = 8;  // multiples of 4
layout(constant_id = 11) const uint lane_n = 4;
layout(constant_id = 12) const bool a_along_k = true;  // which way quads are read (matmul_tiles.glsl)
layout(constant_id = 13) const bool a_wide = false;
layout(constant_id = 14) const bool b_along_k = false;
layout(constant_id = 15) const bool b_wide = false;
layout(constant_id = 16) const bool wide_results = false;  // whole quads of results can be written at once

const uint a_quads = tile_m * tile_k / 4 / workgroup;  // for each invocation
const uint b_quads = tile_n * tile_k / 4 / workgroup;
const uint lanes_m = tile_m / lane_m, lanes_n = tile_n / lane_n;

// Tiles lie in shared memory as [tile_k, rows]. Four numbers more a line: quads along K, too, are written to different
// banks, and quads along the rows stay at multiples of 16 bytes. Two tiles of a, two of b; after them, results on their
// way out.
const uint a_line = tile_m + 4, b_line = tile_n + 4;
const uint a_half = tile_k * a_line, b_half = tile_k * b_line, b_tiles = 2 * a_half;
const uint tiles_size = b_tiles + 2 * b_half, results_size = lanes_m * tile_n;
shared float tiles[tiles_size > results_size ? tiles_size : results_size];

Quad next_a[a_quads], next_b[b_quads];
float sums[lane_m][lane_n];

// The row (column) of number i of a lane: runs of four, so that neighbouring lanes read neighbouring quads of shared
// memory.
uint row_of(uint lane, uint lanes, uint i) { return (i / 4 * lanes + lane) * 4 + i % 4; }

void read_tiles(Operand left, Operand right, Task task, uint k0) {
  [[unroll]] for (uint i = 0; i < a_quads; ++i) {
    const uvec2 place = quad_place(a_along_k, tile_m, tile_k, i);
    next_a[i] = read_quad(left, task.row + place.x, k0 + place.y, task.k_end);
  }
  [[unroll]] for (uint i = 0; i < b_quads; ++i) {
    const uvec2 place = quad_place(b_along_k, tile_n, tile_k, i);
    next_b[i] = read_quad(right, task.column + place.x, k0 + place.y, task.k_end);
  }
}

void share_tiles(uint which) {
  [[unroll]] for (uint i = 0; i < a_quads; ++i) {
    const uvec2 place = quad_place(a_along_k, tile_m, tile_k, i);
    const vec4 quad = widened(next_a[i]);
    [[unroll]] for (uint c = 0; c < 4; ++c)
      tiles[which * a_half + place.y * a_line + place.x + c * (a_along_k ? a_line : 1)] = quad[c];
  }
  [[unroll]] for (uint i = 0; i < b_quads; ++i) {
    const uvec2 place = quad_place(b_along_k, tile_n, tile_k, i);
    const vec4 quad = widened(next_b[i]);
    [[unroll]] for (uint c = 0; c < 4; ++c)
      tiles[b_tiles + which * b_half + place.y * b_line + place.x + c * (b_along_k ? b_line : 1)] = quad[c];
  }
}

void multiply_tiles(uint which, uint line, uint lane) {
  [[unroll]] for (uint p = 0; p < tile_k; ++p) {
    float left[lane_m], right[lane_n];
    [[unroll]] for (uint i = 0; i < lane_m; ++i)
      left[i] = tiles[which * a_half + p * a_line + row_of(line, lanes_m, i)];
    [[unroll]] for (uint j = 0; j < lane_n; ++j)
      right[j] = tiles[b_tiles + which * b_half + p * b_line + row_of(lane, lanes_n, j)];
    [[unroll]] for (uint i = 0; i < lane_m; ++i)
      [[unroll]] for (uint j = 0; j < lane_n; ++j) sums[i][j] += left[i] * right[j];
  }
}

void main() {
  const Task task = task_of(tile_m, tile_n);
  if (task.none) return;
  Operand left = Operand(a, start_of(a_batch, task.batch), m, a_row, a_column, a_along_k, a_wide);
  Operand right = Operand(b, start_of(b_batch, task.batch), n, b_column, b_row, b_along_k, b_wide);
  const uint line = gl_LocalInvocationID.x / lanes_n, lane = gl_LocalInvocationID.x % lanes_n;
  [[unroll]] for (uint i = 0; i < lane_m; ++i) [[unroll]] for (uint j = 0; j < lane_n; ++j) sums[i][j] = 0.0;

  uint which = 0;
  read_tiles(left, right, task, task.k_begin);
  share_tiles(which);
  barrier();
  for (uint k0 = task.k_begin; k0 < task.k_end; k0 += tile_k) {
    const bool more = k0 + tile_k < task.k_end;
    if (more) read_tiles(left, right, task, k0 + tile_k);
    multiply_tiles(which, line, lane);
    which = 1 - which;
    if (more) share_tiles(which);
    barrier();
  }

  // One row of every lane at a time, by way of shared memory: neighbours then write neighbouring quads, and what
  // finishes a result is compiled once, not for each of a lane's sums.
  const uint start = target_start(task.part), row_quads = tile_n / 4;
  [[dont_unroll]] for (uint i = 0; i < lane_m; ++i) {
    [[unroll]] for (uint each = 0; each < lane_m; ++each)
      if (each == i)
        [[unroll]] for (uint j = 0; j < lane_n; ++j)
          tiles[line * tile_n + row_of(lane, lanes_n, j)] = sums[each][j];
    barrier();
    [[dont_unroll]] for (uint quad = gl_LocalInvocationID.x; quad < lanes_m * row_quads; quad += workgroup) {
      const uint row = task.row + row_of(quad / row_quads, lanes_m, i), column = task.column + quad % row_quads * 4;
      if (row < m && column < n)
        finish_quad(start + row * target_row + column, column,
                    vec4(tiles[quad * 4], tiles[quad * 4 + 1], tiles[quad * 4 + 2], tiles[quad * 4 + 3]),
                    min(n - column, 4), wide_results);
    }
    barrier();
  }
}
