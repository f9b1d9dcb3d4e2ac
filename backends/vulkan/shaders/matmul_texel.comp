#version 460
// SPDX-License-Identifier: Apache-2.0
// Matrix product for processors that run a subgroup in one vector register (Mesa's software driver), where a load by
// address is a loop over the lanes, but a texel fetch is a gather: both matrices come as texel buffers, of single
// numbers or of quads of four neighbours. With -DHALVES they are of bf16 or f16.
//
// A workgroup is one subgroup, and computes tile_m rows and 4 columns a lane. In steps of 4 along k, the lanes share
// the loading of a's rows and hand each number on by a shuffle with a constant lane, which costs one instruction.
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_shuffle : require
#define FETCHED
#include "common.glsl"
#include "types.glsl"
#include "pointwise.glsl"
#include "matmul.glsl"

// How a matrix is fetched. Quads need strides and a first element that are multiples of four.
const uint singles = 0;          // any strides
const uint quads_along_k = 1;    // k is its fastest axis
const uint quads_across_k = 2;   // m or n is

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint lanes = 8;  // the subgroup's size
layout(constant_id = 7) const uint a_layout = singles;
layout(constant_id = 8) const uint b_layout = singles;
layout(constant_id = 9) const uint steps = 1;         // of 4 along k, fetched at once
layout(constant_id = 10) const bool has_rest = false; // K is no multiple of 4 * steps
layout(constant_id = 11) const uint tile_m = 16;      // a multiple of lanes and of 4

#ifdef HALVES
#define Numbers utextureBuffer
#else
#define Numbers textureBuffer
#endif
layout(binding = 0) uniform Numbers a_texels;
layout(binding = 1) uniform Numbers b_texels;
layout(binding = 2) uniform textureBuffer target_texels;  // where accumulates

const uint a_quads = tile_m / lanes;  // of a step that a lane loads; with quads_across_k, lane l of quad q has slot
                                      // s = q * lanes + l: k = s % 4 of the rows from s / 4 * 4 on
uint lane() { return gl_LocalInvocationID.x; }

vec4 fetch(Numbers texels, uint at) {
#ifdef HALVES
  const uvec4 bits = texelFetch(texels, int(at));
  return bf16 ? uintBitsToFloat(bits << 16)
              : vec4(unpackHalf2x16(bits.x | bits.y << 16), unpackHalf2x16(bits.z | bits.w << 16));
#else
  return texelFetch(texels, int(at));
#endif
}

// Four numbers from `at` on, `step` apart. Of the last k of a sum, those from `rest` on are 0.
vec4 fetch_singles(Numbers texels, uint at, uint step, uint rest) {
  vec4 quad = vec4(0.0);
  [[unroll]] for (uint kk = 0; kk < 4; ++kk)
    if (kk < rest) quad[kk] = fetch(texels, at + kk * step).x;
  return quad;
}

vec4 first_of(vec4 quad, uint rest) { return mix(vec4(0.0), quad, lessThan(uvec4(0, 1, 2, 3), uvec4(rest))); }

vec4 fetch_a(uint at, uint q, uint rest) {
  if (a_layout == singles) return fetch_singles(a_texels, at, a_column, rest);
  if (a_layout == quads_along_k) return first_of(fetch(a_texels, at), rest);
  const uint kk = (q * lanes + lane()) % 4, inside = min(kk, rest - 1);
  const vec4 quad = fetch(a_texels, at - (kk - inside) * (a_column / 4));
  return kk < rest ? quad : vec4(0.0);
}

// right[kk][j]: the numbers of 4 rows of b and the lane's 4 columns. With quads_across_k all columns come at once.
void fetch_b(uint at, uint j, uint rest, inout vec4 right[4]) {
  if (b_layout == quads_across_k) {
    if (j == 0)
      [[unroll]] for (uint kk = 0; kk < 4; ++kk)
        right[kk] = kk < rest ? fetch(b_texels, at + kk * (b_row / 4)) : vec4(0.0);
    return;
  }
  const vec4 quad =
      b_layout == singles ? fetch_singles(b_texels, at, b_row, rest) : first_of(fetch(b_texels, at), rest);
  [[unroll]] for (uint kk = 0; kk < 4; ++kk) right[kk][j] = quad[kk];
}

// Element [i, kk] of the step, for all lanes.
float left(vec4 quads[a_quads], uint i, uint kk) {
  const uint slot = i / 4 * 4 + kk;
  return a_layout == quads_across_k ? subgroupShuffle(quads[slot / lanes][i % 4], slot % lanes)
                                    : subgroupShuffle(quads[i / lanes][kk], i % lanes);
}

void add_product(vec4 quads[a_quads], vec4 right[4], inout float sums[tile_m][4]) {
  // Two rows at a time: two chains of sums, and each number of b is read once for both.
  [[unroll]] for (uint i = 0; i < tile_m; i += 2) {
    vec4 upper, lower;
    [[unroll]] for (uint kk = 0; kk < 4; ++kk) upper[kk] = left(quads, i, kk);
    [[unroll]] for (uint kk = 0; kk < 4; ++kk) lower[kk] = left(quads, i + 1, kk);
    [[unroll]] for (uint j = 0; j < 4; ++j)
      [[unroll]] for (uint kk = 0; kk < 4; ++kk) {
        sums[i][j] = fma(upper[kk], right[kk][j], sums[i][j]);
        sums[i + 1][j] = fma(lower[kk], right[kk][j], sums[i + 1][j]);
      }
  }
}

uint column_of(uint n0, uint j) { return b_layout == quads_across_k ? n0 + 4 * lane() + j : n0 + j * lanes + lane(); }

void finish_at(uint index, float column_bias, float sum) {
  finish_from(index, column_bias, accumulates ? texelFetch(target_texels, int(a.y + index)).x : 0.0, sum);
}

void main() {
  const uint tiles_m = (m + tile_m - 1) / tile_m;
  const uint tiles = tiles_m * ((n + 4 * lanes - 1) / (4 * lanes));
  const uint part = group_number() / tiles;  // part of K * batches + batch
  if (part >= batches * ((max(k, 1) + k_part - 1) / k_part)) return;
  const uint tile = group_number() % tiles, batch = part % batches, k0 = part / batches * k_part;
  const uint m0 = tile % tiles_m * tile_m, n0 = tile / tiles_m * 4 * lanes;
  const uint count = min(k_part, k - k0);

  // Where the next step's numbers are, in texels. Rows and columns outside are fetched as the last ones inside, and not
  // written.
  uint a_at[a_quads], b_at[4];
  const uint a_start = a.x + start_of(a_batch, batch) + k0 * a_column,
             b_start = b.x + start_of(b_batch, batch) + k0 * b_row;
  [[unroll]] for (uint q = 0; q < a_quads; ++q) {
    const uint slot = q * lanes + lane();
    if (a_layout == quads_across_k)
      a_at[q] = (a_start + min(m0 + slot / 4 * 4, (m - 1) / 4 * 4) + slot % 4 * a_column) / 4;
    else
      a_at[q] = (a_start + min(m0 + slot, m - 1) * a_row) / (a_layout == singles ? 1 : 4);
  }
  [[unroll]] for (uint j = 0; j < 4; ++j) {
    if (b_layout == quads_across_k)
      b_at[j] = (b_start + min(n0 + 4 * lane(), (n - 1) / 4 * 4)) / 4;
    else
      b_at[j] = (b_start + min(n0 + j * lanes + lane(), n - 1) * b_column) / (b_layout == singles ? 1 : 4);
  }
  const uint a_step = a_layout == singles ? 4 * a_column : a_layout == quads_along_k ? 1 : a_column;
  const uint b_step = b_layout == singles ? 4 * b_row : b_layout == quads_along_k ? 1 : b_row;

  float sums[tile_m][4];  // not vec4: the driver would copy them in each turn of the loop
  [[unroll]] for (uint i = 0; i < tile_m; ++i) [[unroll]] for (uint j = 0; j < 4; ++j) sums[i][j] = 0.0;
  uint p = 0;
  for (; p + 4 * steps <= count; p += 4 * steps) {
    vec4 quads[steps][a_quads], right[steps][4];
    [[unroll]] for (uint q = 0; q < a_quads; ++q)
      [[unroll]] for (uint s = 0; s < steps; ++s) quads[s][q] = fetch_a(a_at[q] + s * a_step, q, 4);
    [[unroll]] for (uint j = 0; j < 4; ++j)
      [[unroll]] for (uint s = 0; s < steps; ++s) fetch_b(b_at[j] + s * b_step, j, 4, right[s]);
    [[unroll]] for (uint s = 0; s < steps; ++s) add_product(quads[s], right[s], sums);
    [[unroll]] for (uint q = 0; q < a_quads; ++q) a_at[q] += steps * a_step;
    [[unroll]] for (uint j = 0; j < 4; ++j) b_at[j] += steps * b_step;
  }
  if (has_rest) {
    for (; p < count; p += 4) {
      const uint rest = min(count - p, 4);
      vec4 quads[a_quads], right[4];
      [[unroll]] for (uint q = 0; q < a_quads; ++q) quads[q] = fetch_a(a_at[q], q, rest);
      [[unroll]] for (uint j = 0; j < 4; ++j) fetch_b(b_at[j], j, rest, right);
      add_product(quads, right, sums);
      [[unroll]] for (uint q = 0; q < a_quads; ++q) a_at[q] += a_step;
      [[unroll]] for (uint j = 0; j < 4; ++j) b_at[j] += b_step;
    }
  }

  const uint start = target_start(part), rows = min(tile_m, m - m0);
  if (activation == unary_identity) {
    [[unroll]] for (uint j = 0; j < 4; ++j) {
      const uint column = column_of(n0, j);
      const float column_bias = bias_of(min(column, n - 1));
      [[unroll]] for (uint i = 0; i < tile_m; ++i)
        if (i < rows && column < n) finish_at(start + (m0 + i) * target_row + column, column_bias, sums[i][j]);
    }
    return;
  }
  // One number after the other, picked out of the sums: 64 copies of an activation would take the driver seconds to
  // compile.
  for (uint i = 0; i < rows; ++i) {
    float row[4];
    [[unroll]] for (uint j = 0; j < 4; ++j) {
      row[j] = sums[0][j];
      [[unroll]] for (uint other = 1; other < tile_m; ++other) row[j] = i == other ? sums[other][j] : row[j];
    }
    [[dont_unroll]] for (uint j = 0; j < 4; ++j) {
      const uint column = column_of(n0, j);
      const float sum = j < 2 ? (j == 0 ? row[0] : row[1]) : (j == 2 ? row[2] : row[3]);
      if (column < n) finish_at(start + (m0 + i) * target_row + column, bias_of(column), sum);
    }
  }
}
