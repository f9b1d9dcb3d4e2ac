#version 460
// SPDX-License-Identifier: Apache-2.0
// Second stage of a matrix product whose K was split: adds up the parts in their order, and finishes the result. `a`
// holds the parts [part, batch, M, N].
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "types.glsl"
#include "pointwise.glsl"
#include "matmul.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;

void main() {
  const uint element = group_number() * workgroup + gl_LocalInvocationID.x;
  const uint count = batches * m * n;
  if (element >= count) return;
  const uint parts = (k + k_part - 1) / k_part;
  float sum = a.at[element];
  for (uint part = 1; part < parts; ++part) sum += a.at[part * count + element];
  const uint row = element / n % m;
  finish(start_of(target_batch, element / n / m) + row * target_row + element % n, element % n, sum);
}
