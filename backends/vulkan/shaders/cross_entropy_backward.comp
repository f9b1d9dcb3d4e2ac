#version 460
// SPDX-License-Identifier: Apache-2.0
// The gradient of cross-entropy (CrossEntropyBackwardArgs in tensor/kernel_args.h): a workgroup writes a row, which may
// lie over the logits.
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "pointwise.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint workgroup = 64;
layout(constant_id = 1) const bool aligned = false;
layout(push_constant, scalar) uniform Push {
  Floats dlogits, logits, lse;
  Ints targets;
  Floats dlosses;
  uint rows, classes, dlogits_row, logits_row, dlosses_stride;
  int ignored;
  float smoothing;
};

#include "quads.glsl"

void main() {
  const uint row = group_number();
  if (row >= rows) return;
  const int target = targets.at[row];
  const float factor = dlosses.at[row * dlosses_stride], shift = lse.at[row];
  const float everywhere = smoothing / float(classes);
  for (uint c = first_quad(); c < classes; c += quad_step) {
    vec4 d = vec4(0.0);
    if (target != ignored) {
      const vec4 z = read_quad(logits, row * logits_row, c, classes);
      const uvec4 columns = columns_of(c);
      for (uint i = 0; i < 4; ++i) {
        const float wanted = everywhere + (columns[i] == uint(target) ? 1.0 - smoothing : 0.0);
        d[i] = factor * (exp_real(z[i] - shift) - wanted);
      }
    }
    write_quad(dlogits, row * dlogits_row, c, classes, d);
  }
}
