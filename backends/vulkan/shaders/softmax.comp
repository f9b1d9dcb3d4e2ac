#version 460
// SPDX-License-Identifier: Apache-2.0
// y = exp(x - max) / sum along the last axis
#extension GL_GOOGLE_include_directive : require
#include "rows.glsl"

void main() {
  const uint row = row_number();
  const uint end = row < rows ? n : 0;
  uint index[axes];
  index_of(row, rank, sizes, index);
  const uint x = place_of(index, rank, first_strides);
  const uint y = place_of(index, rank, output_strides);
  float largest = start_of(op_max);
  for (uint i = lane(); i < end; i += lanes) largest = combined(op_max, largest, first.at[x + i * first_step]);
  largest = over_lanes(op_max, largest);
  float total = 0.0;
  for (uint i = lane(); i < end; i += lanes) {
    const float e = exp_real(first.at[x + i * first_step] - largest);
    outputs.at[y + i * output_step] = e;
    total += e;
  }
  total = over_lanes(op_sum, total);
  for (uint i = lane(); i < end; i += lanes) outputs.at[y + i * output_step] /= total;
}
