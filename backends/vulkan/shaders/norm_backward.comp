#version 460
// SPDX-License-Identifier: Apache-2.0
// The gradient of a norm with respect to its input (NormBackwardArgs in tensor/kernel_args.h): a workgroup computes a
// row.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"
#include "philox.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const bool aligned = false;
layout(constant_id = 2) const bool rms = false;
layout(constant_id = 3) const bool has_weight = false;
layout(constant_id = 4) const bool drops = false;
layout(constant_id = 5) const bool wants_dx = false;
layout(constant_id = 6) const bool wants_dresidual = false;

#include "quads.glsl"
#include "dropout.glsl"

layout(push_constant, scalar) uniform Push {
  Floats dy, s, weight, mean, rstd, dx, dresidual;
  uint rows, channels, dy_row, s_row, dx_row, dresidual_row;
  DropoutKey dropout;
};

const uint lanes = workgroup;
const bool lanes_fast = true;
#include "lanes.glsl"

void main() {
  const uint row = group_number();
  if (row >= rows) return;
  const float centre = rms ? 0.0 : mean.at[row];
  const float scale = rstd.at[row];

  float g_sum = 0.0, gn_sum = 0.0;
  for (uint c = first_quad(); c < channels; c += quad_step) {
    vec4 g = read_quad(dy, row * dy_row, c, channels);
    if (has_weight) g *= read_quad(weight, 0, c, channels);
    const vec4 n = (read_quad(s, row * s_row, c, channels) - centre) * scale;
    g_sum += sum_of(g);
    gn_sum += sum_of(g * n);
  }
  const float g_mean = rms ? 0.0 : over_lanes(op_sum, g_sum) / float(channels);
  const float gn_mean = over_lanes(op_sum, gn_sum) / float(channels);
  for (uint c = first_quad(); c < channels; c += quad_step) {
    vec4 g = read_quad(dy, row * dy_row, c, channels);
    if (has_weight) g *= read_quad(weight, 0, c, channels);
    const vec4 n = (read_quad(s, row * s_row, c, channels) - centre) * scale;
    const vec4 ds = scale * (g - g_mean - n * gn_mean);
    if (wants_dresidual) write_quad(dresidual, row * dresidual_row, c, channels, ds);
    if (wants_dx)
      write_quad(dx, row * dx_row, c, channels, drops ? ds * dropout_factors(dropout, row, channels, c) : ds);
  }
}
