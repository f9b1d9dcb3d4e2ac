#version 460
// SPDX-License-Identifier: Apache-2.0
// out = f(x)
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"
#include "pointwise.glsl"

layout(constant_id = 3) const uint op = 0;

void main() {
  for (uint k = 0; k < per_invocation; ++k) {
    const uint number = element_number(k);
    if (number >= count) return;
    uint index[axes];
    index_of(number, rank, sizes, index);
    outputs.at[place_of(index, rank, output_strides)] =
        unary_value(op, first.at[place_of(index, rank, first_strides)], alpha, beta);
  }
}
