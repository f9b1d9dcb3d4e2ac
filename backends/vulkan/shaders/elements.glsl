// SPDX-License-Identifier: Apache-2.0
// What the pointwise kernels share: their push constants, and the loop over the elements of an invocation. Matches
// PointwisePush in pointwise_launch.h.
#include "common.glsl"
#include "strided.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint rank = 1;            // axes in use
layout(constant_id = 2) const uint per_invocation = 1;  // elements

layout(push_constant, scalar) uniform Push {
  Floats outputs, first, second, third;
  uint sizes[axes];
  uint output_strides[axes], first_strides[axes], second_strides[axes], third_strides[axes];
  uint count;
  float alpha, beta;
};

// Element k of this invocation: neighbours in the workgroup have neighbouring elements.
uint element_number(uint k) {
  return (group_number() * per_invocation + k) * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
}
