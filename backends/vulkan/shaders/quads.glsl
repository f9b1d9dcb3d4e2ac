// SPDX-License-Identifier: Apache-2.0
// Rows of numbers, of which a workgroup takes 4 * workgroup at a time and an invocation four of them, a quad. Kernels
// that include this have the specialisation constant `aligned`: all rows begin at multiples of 16 bytes and their width
// is a multiple of four; then a quad is four neighbours, else one number of each of four neighbouring runs, so that
// reads stay side by side.
//
// A quad is named by its first column c: for (uint c = first_quad(); c < width; c += quad_step).
const uint quad_step = 4 * workgroup;

uint first_quad() { return aligned ? 4 * gl_LocalInvocationID.x : gl_LocalInvocationID.x; }

uvec4 columns_of(uint c) { return c + uvec4(0, 1, 2, 3) * (aligned ? 1 : workgroup); }

// Numbers outside the row are 0.
vec4 read_quad(Floats memory, uint row_start, uint c, uint width) {
  if (aligned) return Vec4s(memory).at[(row_start + c) / 4];
  const uvec4 columns = columns_of(c);
  vec4 quad = vec4(0.0);
  for (uint i = 0; i < 4; ++i)
    if (columns[i] < width) quad[i] = memory.at[row_start + columns[i]];
  return quad;
}

void write_quad(Floats memory, uint row_start, uint c, uint width, vec4 quad) {
  if (aligned) {
    Vec4s(memory).at[(row_start + c) / 4] = quad;
    return;
  }
  const uvec4 columns = columns_of(c);
  for (uint i = 0; i < 4; ++i)
    if (columns[i] < width) memory.at[row_start + columns[i]] = quad[i];
}

// 1 for the numbers inside the row, else 0.
vec4 inside(uint c, uint width) { return aligned ? vec4(1.0) : vec4(lessThan(columns_of(c), uvec4(width))); }

float sum_of(vec4 quad) { return (quad.x + quad.y) + (quad.z + quad.w); }
