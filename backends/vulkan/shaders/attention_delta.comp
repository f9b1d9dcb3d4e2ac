#version 460
// SPDX-License-Identifier: Apache-2.0
// delta[h, t] = sum_d dresult[t, h, d] result[t, h, d], for the gradients of attention: an invocation computes one.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "philox.glsl"
#include "attention.glsl"

void main() {
  const uint number = group_number() * workgroup + gl_LocalInvocationID.x;
  if (number >= count * heads) return;  // count: tokens
  const uint h = number % heads, t = number / heads;
  const uint at = t * call.result.token + h * call.result.head,
             gradient_at = t * call.dresult.token + h * call.dresult.head;
  float sum = 0.0;
  for (uint d = 0; d < head_size; ++d) sum += call.dresult.memory.at[gradient_at + d] * call.result.memory.at[at + d];
  call.delta.at[h * call.delta_head + t] = sum;
}
