// SPDX-License-Identifier: Apache-2.0
// What kernels along the last axis share: their push constants (RowsPush in row_launch.h), and where the row of an
// invocation begins in each view.
#define AXES 3
#include "common.glsl"
#include "strided.glsl"
#include "pointwise.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint rank = 1;   // of the axes before the last one
layout(constant_id = 2) const uint lanes = 1;  // invocations a row
const bool lanes_fast = true;
#include "lanes.glsl"

layout(push_constant, scalar) uniform Push {
  Floats outputs, first, second;
  uint sizes[axes];
  uint output_strides[axes], first_strides[axes], second_strides[axes];
  uint output_step, first_step, second_step;  // along the last axis
  uint rows, n;
};

uint row_number() { return group_number() * results_per_group + result_in_group(); }
