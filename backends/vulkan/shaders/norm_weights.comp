#version 460
// SPDX-License-Identifier: Apache-2.0
// The gradients of a norm's weight and bias, first stage: sums over blocks of rows (NormBackwardArgs in
// tensor/kernel_args.h). An invocation computes four channels of a block: dweight = sum_t dy n, dbias = sum_t dy.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const bool aligned = false;
layout(constant_id = 2) const bool rms = false;
layout(constant_id = 3) const bool wants_dweight = false;
layout(constant_id = 4) const bool wants_dbias = false;

#include "quads.glsl"

layout(push_constant, scalar) uniform Push {
  Floats dy, s, mean, rstd;
  Floats dweight, dbias;  // [blocks, channels]
  uint rows, channels, dy_row, s_row, block;
};

void main() {
  const uint strips = (channels + quad_step - 1) / quad_step;
  const uint number = group_number() / strips;
  const uint c = group_number() % strips * quad_step + first_quad();
  if (number >= max(1, (rows + block - 1) / block) || c >= channels) return;
  const uint end = min(rows, (number + 1) * block);
  vec4 weights = vec4(0.0), biases = vec4(0.0);
  for (uint row = number * block; row < end; ++row) {
    const vec4 g = read_quad(dy, row * dy_row, c, channels);
    if (wants_dweight)
      weights += g * ((read_quad(s, row * s_row, c, channels) - (rms ? 0.0 : mean.at[row])) * rstd.at[row]);
    biases += g;
  }
  if (wants_dweight) write_quad(dweight, number * channels, c, channels, weights);
  if (wants_dbias) write_quad(dbias, number * channels, c, channels, biases);
}
