#version 460
// SPDX-License-Identifier: Apache-2.0
// Sums of rows: out[target[s], c] (+)= sum of rows[order[k], c] over k in [begin[s], begin[s + 1]), in that order. One
// invocation a segment and column. Without `order` the rows are taken as they lie, without `targets` segment s goes to
// row s.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool ordered = true;
layout(constant_id = 2) const bool targeted = true;  // then the sum is added to what is there

layout(push_constant, scalar) uniform Push {
  Floats outputs, rows;
  Uints begins, order, targets;
  uint out_strides[2], row_strides[2];
  uint segments, columns;
};

void main() {
  const uint column_groups = (columns + gl_WorkGroupSize.x - 1) / gl_WorkGroupSize.x;
  const uint segment = group_number() / column_groups;
  const uint c = group_number() % column_groups * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
  if (segment >= segments || c >= columns) return;
  const uint end = begins.at[segment + 1];
  float total = 0.0;
  for (uint k = begins.at[segment]; k < end; ++k) {
    const uint row = ordered ? order.at[k] : k;
    total += rows.at[row * row_strides[0] + c * row_strides[1]];
  }
  const uint target = targeted ? targets.at[segment] : segment;
  const uint place = target * out_strides[0] + c * out_strides[1];
  outputs.at[place] = targeted ? outputs.at[place] + total : total;
}
