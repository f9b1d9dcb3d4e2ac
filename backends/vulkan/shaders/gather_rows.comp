#version 460
// SPDX-License-Identifier: Apache-2.0
// out[t, c] = table[ids[t], c], as bits. -DHALVES, -DBYTES: elements of 16 or 8 bits (types.glsl).
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "types.glsl"
#ifdef HALVES
#define Elements Halves
#elif defined(BYTES)
#define Elements Bytes
#else
#define Elements Uints
#endif

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint per_invocation = 1;

layout(push_constant, scalar) uniform Push {
  Elements outputs, table;
  Ints ids;
  uint id_step;
  uint rows, columns;
  uint out_strides[2], table_strides[2];
};

void main() {
  for (uint k = 0; k < per_invocation; ++k) {
    const uint number = (group_number() * per_invocation + k) * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
    if (number >= rows * columns) return;
    const uint t = number / columns, c = number % columns;
    outputs.at[t * out_strides[0] + c * out_strides[1]] =
        table.at[uint(ids.at[t * id_step]) * table_strides[0] + c * table_strides[1]];
  }
}
