#version 460
// SPDX-License-Identifier: Apache-2.0
// The gradient of a step of an LSTM (LstmCellBackwardArgs in tensor/lstm_kernels.h): an invocation makes those of the
// four gates of one number of the state.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint cell_gate = 2;  // where it stands among the four
layout(constant_id = 2) const bool has_before = false;
layout(constant_id = 3) const bool has_more = false;
layout(constant_id = 4) const bool normed = false;

layout(push_constant, scalar) uniform Push {
  Floats gates, c_before, c, dh1, dh2, dc, dz;
  uint count, hidden;
};

void main() {
  const uint number = group_number() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (number >= count) return;
  const uint channel = number % hidden, row = number - channel;
  const uint at_i = 4 * row + channel, at_f = at_i + hidden;
  const uint at_g = at_i + cell_gate * hidden, at_o = at_i + (5 - cell_gate) * hidden;
  const float i = gates.at[at_i], f = gates.at[at_f], g = gates.at[at_g], o = gates.at[at_o];
  const float squashed = tanh_real(c.at[number]);
  float dh = dh1.at[number];
  if (has_more) dh += dh2.at[number];
  float ds = dc.at[number];
  if (!normed) ds += dh * o * (1.0 - squashed * squashed);
  dz.at[at_i] = ds * g * (i * (1.0 - i));
  dz.at[at_f] = has_before ? ds * c_before.at[number] * (f * (1.0 - f)) : 0.0;
  dz.at[at_g] = ds * i * (1.0 - g * g);
  dz.at[at_o] = dh * squashed * (o * (1.0 - o));
  dc.at[number] = ds * f;
}
