#version 460
// SPDX-License-Identifier: Apache-2.0
// out = (u >= probability ? x * factor : 0) (+ residual); u is number i of a random stream for element i in row-major
// order. Each invocation makes four.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "strided.glsl"
#include "random.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint rank = 1;
layout(constant_id = 2) const bool has_residual = false;

layout(push_constant, scalar) uniform Push {
  Floats outputs, inputs, residuals;
  uint sizes[axes];
  uint out_strides[axes], in_strides[axes], residual_strides[axes];
  uint key[4];
  float probability, factor;
  uint count;
};

void main() {
  const uint block = group_number() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (block >= (count + 3) / 4) return;
  const vec4 numbers = uniform_block(block, key);
  [[unroll]] for (uint i = 0; i < 4; ++i) {
    const uint number = block * 4 + i;
    if (number >= count) break;
    uint index[axes];
    index_of(number, rank, sizes, index);
    float value = numbers[i] >= probability ? inputs.at[place_of(index, rank, in_strides)] * factor : 0.0;
    if (has_residual) value += residuals.at[place_of(index, rank, residual_strides)];
    outputs.at[place_of(index, rank, out_strides)] = value;
  }
}
