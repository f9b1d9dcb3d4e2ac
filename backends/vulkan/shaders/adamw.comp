#version 460
// SPDX-License-Identifier: Apache-2.0
// AdamW over a list of tensors (AdamWArgs in tensor/kernel_args.h): memory of a listed tensor is param, grad, m, v; its
// factor is lr * weight decay.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "tensor_list.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const uint chunk_size = 4096;
layout(constant_id = 2) const bool scales = false;
layout(constant_id = 3) const bool guarded = false;
layout(push_constant, scalar) uniform Push {
  TensorList list;
  Floats grad_scale, guard;
  uint tensors, chunks;
  float one_minus_beta1, beta2, one_minus_beta2;
  float root_correction2;  // sqrt(1 - beta2^t)
  float eps;
  float rate;              // lr / (1 - beta1^t)
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
    const vec4 g = read_four(tensor.memory[1], index, end, whole) * scale;
    precise vec4 p = read_four(tensor.memory[0], index, end, whole);
    precise vec4 m = read_four(tensor.memory[2], index, end, whole);
    precise vec4 v = read_four(tensor.memory[3], index, end, whole);
    p -= p * tensor.factor;
    m += (g - m) * one_minus_beta1;
    v = v * beta2 + (g * g) * one_minus_beta2;
    p -= m / (sqrt(v) / root_correction2 + eps) * rate;
    write_four(tensor.memory[0], index, end, whole, p);
    write_four(tensor.memory[2], index, end, whole, m);
    write_four(tensor.memory[3], index, end, whole, v);
  }
}
