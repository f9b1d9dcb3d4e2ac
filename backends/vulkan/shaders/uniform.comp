#version 460
// SPDX-License-Identifier: Apache-2.0
// out[i] = number i of a random stream. Each invocation makes one block of four.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "random.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
  Floats outputs;
  uint key[4];
  uint count;
};

void main() {
  const uint block = group_number() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (block >= (count + 3) / 4) return;
  const vec4 numbers = uniform_block(block, key);
  [[unroll]] for (uint i = 0; i < 4; ++i)
    if (block * 4 + i < count) outputs.at[block * 4 + i] = numbers[i];
}
