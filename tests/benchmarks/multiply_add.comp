#version 460
// SPDX-License-Identifier: Apache-2.0
// Chains of multiply-adds in registers: how fast the device computes when it need not read.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
  Floats outputs;
  float a, b;
  uint rounds;
};

void main() {
  vec4 x = vec4(gl_LocalInvocationID.x), y = x + 1, z = x + 2, w = x + 3;
  for (uint i = 0; i < rounds; ++i) {
    x = fma(x, vec4(a), vec4(b));
    y = fma(y, vec4(a), vec4(b));
    z = fma(z, vec4(a), vec4(b));
    w = fma(w, vec4(a), vec4(b));
  }
  const vec4 sum = x + y + z + w;
  if (gl_LocalInvocationID.x == 0) outputs.at[group_number()] = sum.x + sum.y + sum.z + sum.w;
}
