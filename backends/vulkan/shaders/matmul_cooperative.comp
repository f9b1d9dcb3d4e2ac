#version 460
// SPDX-License-Identifier: Apache-2.0
// Matrix product of f16 matrices by a device's matrix units (VK_KHR_cooperative_matrix), summed in f32: a workgroup of
// subgroups_m x subgroups_n subgroups computes tile_m x tile_n numbers, tile_k of K at a time from shared memory; a
// subgroup computes its part of them as a grid of matrices of the device's size. Tiles are read as in matmul_tiled.comp
// and stay in the order they are read in: the load of a matrix takes either.
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#define HALVES
#include "common.glsl"
#include "types.glsl"
#include "pointwise.glsl"
#include "matmul.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 128;  // subgroups_m * subgroups_n subgroups
layout(constant_id = 7) const uint tile_m = 64;
layout(constant_id = 8) const uint tile_n = 64;
layout(constant_id = 9) const uint tile_k = 16;
layout(constant_id = 10) const uint subgroup_m = 32;  // what a subgroup computes
layout(constant_id = 11) const uint subgroup_n = 32;
layout(constant_id = 12) const bool a_along_k = true;
layout(constant_id = 13) const bool a_wide = false;
layout(constant_id = 14) const bool b_along_k = false;
layout(constant_id = 15) const bool b_wide = false;
layout(constant_id = 16) const bool wide_results = false;
layout(constant_id = 17) const uint matrix_m = 16;  // of the device's matrices
layout(constant_id = 18) const uint matrix_n = 16;
layout(constant_id = 19) const uint matrix_k = 16;
#include "matmul_tiles.glsl"

// In quads. A tile's lines run along K or along the rows, as the operand is read; two quads more each, so that
// neighbouring lines begin in different banks.
const uint a_quads = tile_m * tile_k / 4 / workgroup;  // for each invocation
const uint b_quads = tile_n * tile_k / 4 / workgroup;
const uint a_line = (a_along_k ? tile_k : tile_m) / 4 + 2, b_line = (b_along_k ? tile_k : tile_n) / 4 + 2;
const uint a_half = (a_along_k ? tile_m : tile_k) * a_line, b_half = (b_along_k ? tile_n : tile_k) * b_line,
           b_tiles = 2 * a_half;
shared f16vec4 tiles[b_tiles + 2 * b_half];

const uint subgroups_n = tile_n / subgroup_n, subgroups = tile_m / subgroup_m * subgroups_n;
const uint matrices_m = subgroup_m / matrix_m, matrices_n = subgroup_n / matrix_n, matrix_size = matrix_m * matrix_n;
shared float results[subgroups * matrix_size];  // a matrix of each subgroup, on its way out

Quad next_a[a_quads], next_b[b_quads];

f16vec4 halves(Quad quad) { return f16vec4(unpackFloat2x16(quad.x), unpackFloat2x16(quad.y)); }

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
    tiles[which * a_half + (a_along_k ? place.x * a_line + place.y / 4 : place.y * a_line + place.x / 4)] =
        halves(next_a[i]);
  }
  [[unroll]] for (uint i = 0; i < b_quads; ++i) {
    const uvec2 place = quad_place(b_along_k, tile_n, tile_k, i);
    tiles[b_tiles + which * b_half + (b_along_k ? place.x * b_line + place.y / 4 : place.y * b_line + place.x / 4)] =
        halves(next_b[i]);
  }
}

void main() {
  const Task task = task_of(tile_m, tile_n);
  if (task.none) return;
  Operand left = Operand(a, start_of(a_batch, task.batch), m, a_row, a_column, a_along_k, a_wide);
  Operand right = Operand(b, start_of(b_batch, task.batch), n, b_column, b_row, b_along_k, b_wide);
  const uint first_row = gl_SubgroupID / subgroups_n * subgroup_m,
             first_column = gl_SubgroupID % subgroups_n * subgroup_n;

  coopmat<float, gl_ScopeSubgroup, matrix_m, matrix_n, gl_MatrixUseAccumulator> sums[matrices_m * matrices_n];
  [[unroll]] for (uint i = 0; i < matrices_m * matrices_n; ++i)
    sums[i] = coopmat<float, gl_ScopeSubgroup, matrix_m, matrix_n, gl_MatrixUseAccumulator>(0.0);

  uint which = 0;
  read_tiles(left, right, task, task.k_begin);
  share_tiles(which);
  barrier();
  for (uint k0 = task.k_begin; k0 < task.k_end; k0 += tile_k) {
    const bool more = k0 + tile_k < task.k_end;
    if (more) read_tiles(left, right, task, k0 + tile_k);
    [[unroll]] for (uint p = 0; p < tile_k; p += matrix_k) {
      coopmat<float16_t, gl_ScopeSubgroup, matrix_m, matrix_k, gl_MatrixUseA> of_a[matrices_m];
      [[unroll]] for (uint i = 0; i < matrices_m; ++i) {
        const uint row = first_row + i * matrix_m, start = which * a_half;
        if (a_along_k)
          coopMatLoad(of_a[i], tiles, start + row * a_line + p / 4, a_line, gl_CooperativeMatrixLayoutRowMajor);
        else coopMatLoad(of_a[i], tiles, start + p * a_line + row / 4, a_line, gl_CooperativeMatrixLayoutColumnMajor);
      }
      [[unroll]] for (uint j = 0; j < matrices_n; ++j) {
        coopmat<float16_t, gl_ScopeSubgroup, matrix_k, matrix_n, gl_MatrixUseB> of_b;
        const uint column = first_column + j * matrix_n, start = b_tiles + which * b_half;
        if (b_along_k)
          coopMatLoad(of_b, tiles, start + column * b_line + p / 4, b_line, gl_CooperativeMatrixLayoutColumnMajor);
        else coopMatLoad(of_b, tiles, start + p * b_line + column / 4, b_line, gl_CooperativeMatrixLayoutRowMajor);
        [[unroll]] for (uint i = 0; i < matrices_m; ++i)
          sums[i * matrices_n + j] = coopMatMulAdd(of_a[i], of_b, sums[i * matrices_n + j]);
      }
    }
    which = 1 - which;
    if (more) share_tiles(which);
    barrier();
  }

  // One matrix of every subgroup at a time, by way of shared memory (as in matmul_tiled.comp).
  const uint start = target_start(task.part), row_quads = matrix_n / 4, matrix_quads = matrix_size / 4;
  [[dont_unroll]] for (uint i = 0; i < matrices_m * matrices_n; ++i) {
    [[unroll]] for (uint each = 0; each < matrices_m * matrices_n; ++each)
      if (each == i)
        coopMatStore(sums[each], results, gl_SubgroupID * matrix_size, matrix_n, gl_CooperativeMatrixLayoutRowMajor);
    barrier();
    [[dont_unroll]] for (uint quad = gl_LocalInvocationID.x; quad < subgroups * matrix_quads; quad += workgroup) {
      const uint subgroup = quad / matrix_quads, inside = quad % matrix_quads;
      const uint row = task.row + subgroup / subgroups_n * subgroup_m + i / matrices_n * matrix_m + inside / row_quads;
      const uint column =
          task.column + subgroup % subgroups_n * subgroup_n + i % matrices_n * matrix_n + inside % row_quads * 4;
      if (row < m && column < n)
        finish_quad(start + row * target_row + column, column,
                    vec4(results[quad * 4], results[quad * 4 + 1], results[quad * 4 + 2], results[quad * 4 + 3]),
                    min(n - column, 4), wide_results);
    }
    barrier();
  }
}
