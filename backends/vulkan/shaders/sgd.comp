#version 460
// SPDX-License-Identifier: Apache-2.0
// SGD over a list of tensors (SgdArgs in tensor/kernel_args.h): memory of a listed tensor is param, grad, momentum
// buffer; its factor is the weight decay.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "tensor_list.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const uint chunk_size = 4096;
layout(constant_id = 2) const bool scales = false;
layout(constant_id = 3) const bool guarded = false;
layout(constant_id = 4) const bool has_momentum = false;
layout(constant_id = 5) const bool nesterov = false;
layout(constant_id = 6) const bool first_step = false;
layout(push_constant, scalar) uniform Push {
  TensorList list;
  Floats grad_scale, guard;
  uint tensors, chunks;
  float learning_rate, momentum;
};

void main() {
  const uint chunk = group_number();
  if (chunk >= chunks) return;
  if (guarded && !is_finite(guard.at[0])) return;
  ListedTensor tensor = list.at[tensor_of(list, tensors, chunk)];
  const uint begin = (chunk - tensor.first_chunk) * chunk_size, end = min(tensor.count, begin + chunk_size);
  const float scale = scales ? grad_scale.at[0] : 1.0;
  for (uint index = begin + 4 * gl_LocalInvocationID.x; index < end; index += 4 * workgroup) {
    const bool whole = tensor.aligned != 0 && index + 4 <= end;
    precise vec4 p = read_four(tensor.memory[0], index, end, whole);
    precise vec4 g = read_four(tensor.memory[1], index, end, whole) * scale;
    g += p * tensor.factor;
    if (has_momentum) {
      precise vec4 kept = g;
      if (!first_step) kept = read_four(tensor.memory[2], index, end, whole) * momentum + g;
      write_four(tensor.memory[2], index, end, whole, kept);
      g = nesterov ? g + kept * momentum : kept;
    }
    write_four(tensor.memory[0], index, end, whole, p - g * learning_rate);
  }
}
