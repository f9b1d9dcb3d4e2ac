#version 460
// SPDX-License-Identifier: Apache-2.0
// What follows the products of a step of an LSTM (LstmCellArgs in tensor/lstm_kernels.h): an invocation makes one
// number of the state from its four gates.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint cell_gate = 2;  // where it stands among the four
layout(constant_id = 2) const bool has_recurrent = false;
layout(constant_id = 3) const bool has_bias = false;
layout(constant_id = 4) const bool has_before = false;
layout(constant_id = 5) const bool gives_state = false;
layout(constant_id = 6) const bool keeps_gates = false;

layout(push_constant, scalar) uniform Push {
  Floats inputs, recurrent, bias, c_before, c, h, gates;
  uint count, hidden;
};

// Gate number `place` of the state that begins at `row`, before its activation.
float gate(uint row, uint place, uint channel) {
  const uint column = place * hidden + channel;
  float z = inputs.at[4 * row + column];
  if (has_recurrent) z += recurrent.at[4 * row + column];
  if (has_bias) z += bias.at[column];
  return z;
}

void main() {
  const uint number = group_number() * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (number >= count) return;
  const uint channel = number % hidden, row = number - channel, output_gate = 5 - cell_gate;
  const float i = sigmoid_value(gate(row, 0, channel)), f = sigmoid_value(gate(row, 1, channel));
  const float g = tanh_real(gate(row, cell_gate, channel)), o = sigmoid_value(gate(row, output_gate, channel));
  float now = i * g;
  if (has_before) now += f * c_before.at[number];
  c.at[number] = now;
  if (gives_state) h.at[number] = o * tanh_real(now);
  if (keeps_gates) {
    gates.at[4 * row + channel] = i;
    gates.at[4 * row + hidden + channel] = f;
    gates.at[4 * row + cell_gate * hidden + channel] = g;
    gates.at[4 * row + output_gate * hidden + channel] = o;
  }
}
