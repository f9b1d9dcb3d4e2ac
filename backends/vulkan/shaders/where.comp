#version 460
// SPDX-License-Identifier: Apache-2.0
// out = condition != 0 ? a : b: first is the condition, second a, third b
#extension GL_GOOGLE_include_directive : require
#include "elements.glsl"

void main() {
  for (uint k = 0; k < per_invocation; ++k) {
    const uint number = element_number(k);
    if (number >= count) return;
    uint index[axes];
    index_of(number, rank, sizes, index);
    const float a = second.at[place_of(index, rank, second_strides)];
    const float b = third.at[place_of(index, rank, third_strides)];
    outputs.at[place_of(index, rank, output_strides)] = first.at[place_of(index, rank, first_strides)] != 0.0 ? a : b;
  }
}
