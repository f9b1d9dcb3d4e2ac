#version 460
// SPDX-License-Identifier: Apache-2.0
// Layer norm and RMS norm with the dropout and the residual before them (NormArgs in tensor/kernel_args.h): a workgroup
// computes a row. What a later pass over the row needs was written by the same invocation.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"
#include "philox.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const bool aligned = false;
layout(constant_id = 2) const bool rms = false;
layout(constant_id = 3) const bool has_residual = false;
layout(constant_id = 4) const bool drops = false;
layout(constant_id = 5) const bool has_weight = false;
layout(constant_id = 6) const bool has_bias = false;
layout(constant_id = 7) const bool keeps_mean = false;
layout(constant_id = 8) const bool keeps_rstd = false;

#include "quads.glsl"
#include "dropout.glsl"

layout(push_constant, scalar) uniform Push {
  Floats x, residual, weight, bias, y;
  Floats s;  // where the sums are kept: as the caller wished, else in y; x when there is nothing to add to it
  Floats mean, rstd;
  uint rows, channels, x_row, residual_row, y_row, s_row;
  float eps;
  DropoutKey dropout;
};

const uint lanes = workgroup;
const bool lanes_fast = true;
#include "lanes.glsl"

const bool sums_up = has_residual || drops;

void main() {
  const uint row = group_number();
  if (row >= rows) return;

  float sum = 0.0;
  if (sums_up || !rms) {
    for (uint c = first_quad(); c < channels; c += quad_step) {
      vec4 v = read_quad(x, row * x_row, c, channels);
      if (drops) v *= dropout_factors(dropout, row, channels, c);
      if (has_residual) v += read_quad(residual, row * residual_row, c, channels);
      if (sums_up) write_quad(s, row * s_row, c, channels, v);
      sum += sum_of(v);
    }
  }
  const float centre = rms ? 0.0 : over_lanes(op_sum, sum) / float(channels);
  float squares = 0.0;
  for (uint c = first_quad(); c < channels; c += quad_step) {
    const vec4 v = (read_quad(s, row * s_row, c, channels) - centre) * inside(c, channels);
    squares += sum_of(v * v);
  }
  const float scale = 1.0 / sqrt(over_lanes(op_sum, squares) / float(channels) + eps);
  for (uint c = first_quad(); c < channels; c += quad_step) {
    vec4 v = (read_quad(s, row * s_row, c, channels) - centre) * scale;
    if (has_weight) v *= read_quad(weight, 0, c, channels);
    if (has_bias) v += read_quad(bias, 0, c, channels);
    write_quad(y, row * y_row, c, channels, v);
  }
  if (gl_LocalInvocationID.x == 0) {
    if (keeps_mean) mean.at[row] = centre;
    if (keeps_rstd) rstd.at[row] = scale;
  }
}
