// SPDX-License-Identifier: Apache-2.0
// Several invocations (lanes) of a workgroup share one result: a fixed tree over shared memory, the same for every
// subgroup size. After pointwise.glsl.
//
// The includer declares `lanes` (a power of two that divides the workgroup) and `lanes_fast`: lanes are neighbours in
// the workgroup (for sums along the fastest axis), else results are (neighbouring invocations then read neighbouring
// columns).
shared float lane_values[gl_WorkGroupSize.x];

const uint results_per_group = gl_WorkGroupSize.x / lanes;
uint lane() { return lanes_fast ? gl_LocalInvocationID.x % lanes : gl_LocalInvocationID.x / results_per_group; }
uint result_in_group() {
  return lanes_fast ? gl_LocalInvocationID.x / lanes : gl_LocalInvocationID.x % results_per_group;
}

const uint op_sum = 0, op_max = 1, op_min = 2;

float start_of(uint op) { return op == op_sum ? 0.0 : op == op_max ? -infinity() : infinity(); }
float combined(uint op, float a, float b) {
  return op == op_sum ? a + b : binary_value(op == op_max ? binary_max : binary_min, a, b);
}

// The lanes' values combined, for all of them. Every invocation of the workgroup must call it.
float over_lanes(uint op, float value) {
  if (lanes == 1) return value;
  const uint own = gl_LocalInvocationID.x, step = lanes_fast ? 1 : results_per_group;
  barrier();
  lane_values[own] = value;
  for (uint span = lanes / 2; span > 0; span /= 2) {
    barrier();
    if (lane() < span) lane_values[own] = combined(op, lane_values[own], lane_values[own + span * step]);
  }
  barrier();
  return lane_values[own - lane() * step];
}
