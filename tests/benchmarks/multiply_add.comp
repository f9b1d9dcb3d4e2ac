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

const uint chains = 12;  // enough to hide the latency of one; few enough for any processor's registers

void main() {
  float x[chains];
  [[unroll]] for (uint c = 0; c < chains; ++c) x[c] = float(gl_LocalInvocationID.x + c);
  for (uint i = 0; i < rounds; ++i)
    [[unroll]] for (uint step = 0; step < 16; ++step)
      [[unroll]] for (uint c = 0; c < chains; ++c) x[c] = fma(x[c], a, b);
  float sum = 0.0;
  [[unroll]] for (uint c = 0; c < chains; ++c) sum += x[c];
  if (gl_LocalInvocationID.x == 0) outputs.at[group_number()] = sum;
}
