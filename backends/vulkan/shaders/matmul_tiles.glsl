// SPDX-License-Identifier: Apache-2.0
// What the product kernels with tiles share: which tile a workgroup computes; operands read, and results written, by
// quads. After matmul.glsl and the constant `workgroup`.
//
// Both operands are seen as [rows, K]: a row of `a` is a row of the result, a row of `b` a column of it. A quad is four
// neighbours along K or along the rows; a `wide` operand has stride 1 that way, and whole quads lie at multiples of
// their size: one read.
#ifdef HALVES
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer HalfQuads { uvec2 at[]; };
#endif

// What a workgroup computes: the tile of `batch` that begins at (row, column), over k from k_begin to k_end. `part` is
// part * batches + batch.
struct Task {
  bool none;
  uint part, batch, row, column, k_begin, k_end;
};

// Workgroups that run at the same time share what they read: they go through bands of eight tiles' width, row by row.
Task task_of(uint tile_m, uint tile_n) {
  const uint band = 8;
  const uint tiles_m = (m + tile_m - 1) / tile_m, tiles_n = (n + tile_n - 1) / tile_n;
  const uint part = group_number() / (tiles_m * tiles_n), tile = group_number() % (tiles_m * tiles_n);
  const uint first = tile / (band * tiles_m) * band, in_band = tile % (band * tiles_m);
  const uint width = min(band, tiles_n - first);
  const uint k_begin = part / batches * k_part;
  return Task(part >= batches * ((max(k, 1) + k_part - 1) / k_part), part, part % batches, in_band / width * tile_m,
              (first + in_band % width) * tile_n, k_begin, min(k, k_begin + k_part));
}

struct Operand {
  Inputs matrix;
  uint start, rows, row_stride, k_stride;
  bool along_k, wide;
};

// Row and k of an invocation's quads in a tile of `rows` x `ks`. Neighbouring invocations have neighbouring quads.
uvec2 quad_place(bool along_k, uint rows, uint ks, uint number) {
  const uint quad = number * workgroup + gl_LocalInvocationID.x;
  return along_k ? uvec2(quad / (ks / 4), quad % (ks / 4) * 4) : uvec2(quad % (rows / 4) * 4, quad / (rows / 4));
}

// Half numbers stay as they are, two in a word, until they are used: nothing waits for a read before it must.
#ifdef HALVES
#define Quad uvec2
Quad read_whole_quad(Inputs matrix, uint index) { return HalfQuads(matrix).at[index / 4]; }
void put_number(inout Quad quad, uint place, Inputs matrix, uint index) {
  quad[place / 2] |= uint(matrix.at[index]) << (place % 2 * 16);
}
vec4 widened(Quad quad) {
  const uvec4 bits = uvec4(quad.x & 0xFFFFu, quad.x >> 16, quad.y & 0xFFFFu, quad.y >> 16);
  if (bf16) return uintBitsToFloat(bits << 16);
  return vec4(from_f16(bits.x), from_f16(bits.y), from_f16(bits.z), from_f16(bits.w));
}
#else
#define Quad vec4
Quad read_whole_quad(Inputs matrix, uint index) { return Vec4s(matrix).at[index / 4]; }
void put_number(inout Quad quad, uint place, Inputs matrix, uint index) { quad[place] = matrix.at[index]; }
vec4 widened(Quad quad) { return quad; }
#endif

// The quad that begins at (row, k). From k = `end` on it is 0; rows beyond the last are the last one: their results are
// not written.
Quad read_quad(Operand x, uint row, uint k, uint end) {
  Quad quad = Quad(0);
  if (x.along_k) {
    const uint place = x.start + min(row, x.rows - 1) * x.row_stride + k * x.k_stride;
    if (x.wide && k + 4 <= end) return read_whole_quad(x.matrix, place);
    [[unroll]] for (uint c = 0; c < 4; ++c)
      if (k + c < end) put_number(quad, c, x.matrix, place + c * x.k_stride);
  } else if (k < end) {
    const uint place = x.start + k * x.k_stride;
    if (x.wide && row + 4 <= x.rows) return read_whole_quad(x.matrix, place + row);
    [[unroll]] for (uint c = 0; c < 4; ++c)
      put_number(quad, c, x.matrix, place + min(row + c, x.rows - 1) * x.row_stride);
  }
  return quad;
}

void write_results(Floats memory, uint index, vec4 value, uint count, bool wide) {
  if (wide) {
    Vec4s(memory).at[index / 4] = value;
    return;
  }
  [[unroll]] for (uint c = 0; c < 4; ++c)
    if (c < count) memory.at[index + c] = value[c];
}

// finish() of `count` neighbours, at most four. `wide`: they are four and lie at a multiple of 16 bytes.
void finish_quad(uint index, uint column, vec4 sum, uint count, bool wide) {
  vec4 value = scale * sum;
  if (has_bias) [[unroll]] for (uint c = 0; c < 4; ++c) value[c] += bias.at[min(column + c, n - 1) * bias_stride];
  if (keeps_pre_activation) write_results(pre_activation, index, value, count, wide);
  // Left rolled: glslc's optimizer forgets `precise` in the copies that it makes.
  if (activation != unary_identity) for (uint c = 0; c < 4; ++c) value[c] = unary_value(activation, value[c], 1.0, 0.0);
  if (accumulates) {
    if (wide) value += Vec4s(target).at[index / 4];
    else [[unroll]] for (uint c = 0; c < 4; ++c) if (c < count) value[c] += target.at[index + c];
  }
  write_results(target, index, value, count, wide);
}
