#version 460
// SPDX-License-Identifier: Apache-2.0
// Sums of squares of the chunks of a list of tensors (memory[0] of each); their sum is reduce's work.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"
#include "tensor_list.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const uint chunk_size = 4096;
layout(push_constant, scalar) uniform Push {
  TensorList list;
  Floats sums;  // [chunks]
  uint tensors, chunks;
};

const uint lanes = workgroup;
const bool lanes_fast = true;
#include "lanes.glsl"

void main() {
  const uint chunk = group_number();
  if (chunk >= chunks) return;
  ListedTensor tensor = list.at[tensor_of(list, tensors, chunk)];
  const uint begin = (chunk - tensor.first_chunk) * chunk_size, end = min(tensor.count, begin + chunk_size);
  vec4 squares = vec4(0.0);
  for (uint index = begin + 4 * gl_LocalInvocationID.x; index < end; index += 4 * workgroup) {
    const vec4 x = read_four(tensor.memory[0], index, end, tensor.aligned != 0 && index + 4 <= end);
    squares += x * x;
  }
  const float sum = over_lanes(op_sum, (squares.x + squares.y) + (squares.z + squares.w));
  if (gl_LocalInvocationID.x == 0) sums.at[chunk] = sum;
}
