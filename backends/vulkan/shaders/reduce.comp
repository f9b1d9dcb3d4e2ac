#version 460
// SPDX-License-Identifier: Apache-2.0
// out[r] = scale * op over j < n of in[kept place of r + reduced place of j] (+ out[r]). A group of lanes reduces
// `chunk` numbers; several chunks of one r (a grid with z > 1) write partial results [chunks, results] to be reduced
// again.
#extension GL_GOOGLE_include_directive : require
#define AXES 3
#include "common.glsl"
#include "strided.glsl"
#include "pointwise.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint kept_rank = 1;
layout(constant_id = 2) const uint reduced_rank = 1;
layout(constant_id = 3) const uint lanes = 1;
layout(constant_id = 4) const bool lanes_fast = true;
layout(constant_id = 5) const uint op = 0;
layout(constant_id = 6) const bool accumulate = false;
#include "lanes.glsl"

layout(push_constant, scalar) uniform Push {
  Floats outputs, inputs;
  uint kept_sizes[axes], out_strides[axes], kept_strides[axes];
  uint reduced_sizes[axes], reduced_strides[axes];
  uint results, n, chunk;
  float scale;
};

void main() {
  const uint result = group_number() * results_per_group + result_in_group();
  const uint part = gl_WorkGroupID.z;
  uint index[axes];
  index_of(result, kept_rank, kept_sizes, index);
  float total = start_of(op);
  if (result < results) {
    const uint base = place_of(index, kept_rank, kept_strides);
    const uint end = min(n, (part + 1) * chunk);
    for (uint j = part * chunk + lane(); j < end; j += lanes) {
      uint inner[axes];
      index_of(j, reduced_rank, reduced_sizes, inner);
      total = combined(op, total, inputs.at[base + place_of(inner, reduced_rank, reduced_strides)]);
    }
  }
  total = over_lanes(op, total);
  if (lane() != 0 || result >= results) return;
  const uint place = gl_NumWorkGroups.z > 1 ? part * results + result : place_of(index, kept_rank, out_strides);
  const float scaled = scale * total;
  outputs.at[place] = accumulate ? scaled + outputs.at[place] : scaled;
}
