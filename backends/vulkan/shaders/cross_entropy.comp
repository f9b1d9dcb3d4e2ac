#version 460
// SPDX-License-Identifier: Apache-2.0
// Cross-entropy (CrossEntropyArgs in tensor/kernel_args.h): a workgroup reads a row of logits once, keeping the largest
// so far, m, and the sum of exp(z - m). lse = m + log(sum), loss = lse - (1 - smoothing) z[target] - smoothing mean(z).
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const bool aligned = false;
layout(constant_id = 2) const bool keeps_lse = false;
layout(constant_id = 3) const bool smooths = false;
layout(push_constant, scalar) uniform Push {
  Floats logits;
  Ints targets;
  Floats losses, lse;
  uint rows, classes, logits_row;
  int ignored;
  float smoothing;
};

#include "quads.glsl"
const uint lanes = workgroup;
const bool lanes_fast = true;
#include "lanes.glsl"

// Below every finite logit, and finite itself: lowest - lowest is no NaN.
const float lowest = -3.40282347e38;

void main() {
  const uint row = group_number();
  if (row >= rows) return;
  float largest = lowest, sum = 0.0, total = 0.0;  // total: of the logits
  for (uint c = first_quad(); c < classes; c += quad_step) {
    const vec4 z = read_quad(logits, row * logits_row, c, classes);
    const vec4 within = inside(c, classes);
    const vec4 bounded = mix(vec4(lowest), z, equal(within, vec4(1.0)));
    const float before = largest;
    largest = max(largest, max(max(bounded.x, bounded.y), max(bounded.z, bounded.w)));
    sum *= exp_real(before - largest);
    for (uint i = 0; i < 4; ++i) sum += within[i] * exp_real(bounded[i] - largest);
    if (smooths) total += sum_of(z);
  }
  const float row_largest = over_lanes(op_max, largest);
  const float row_sum = over_lanes(op_sum, sum * exp_real(largest - row_largest));
  if (smooths) total = over_lanes(op_sum, total);
  if (gl_LocalInvocationID.x > 0) return;
  const float log_sum = log_real(row_sum);
  if (keeps_lse) lse.at[row] = row_largest + log_sum;
  const int target = targets.at[row];
  float loss = 0.0;
  if (target != ignored) {
    loss = log_sum - (1.0 - smoothing) * (logits.at[row * logits_row + uint(target)] - row_largest);
    if (smooths) loss -= smoothing * (total / float(classes) - row_largest);
  }
  losses.at[row] = loss;
}
