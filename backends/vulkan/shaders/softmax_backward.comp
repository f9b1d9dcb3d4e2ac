#version 460
// SPDX-License-Identifier: Apache-2.0
// dx = y * (dy - sum(dy * y)) along the last axis: first is dy, second y
#extension GL_GOOGLE_include_directive : require
#include "rows.glsl"

void main() {
  const uint row = row_number();
  const uint end = row < rows ? n : 0;
  uint index[axes];
  index_of(row, rank, sizes, index);
  const uint dx = place_of(index, rank, output_strides);
  const uint dy = place_of(index, rank, first_strides);
  const uint y = place_of(index, rank, second_strides);
  float total = 0.0;
  for (uint i = lane(); i < end; i += lanes) total += first.at[dy + i * first_step] * second.at[y + i * second_step];
  total = over_lanes(op_sum, total);
  for (uint i = lane(); i < end; i += lanes)
    outputs.at[dx + i * output_step] = second.at[y + i * second_step] * (first.at[dy + i * first_step] - total);
}
