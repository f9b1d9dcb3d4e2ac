#version 460
// SPDX-License-Identifier: Apache-2.0
// out = index of the first largest number along the last axis. A NaN is larger than nothing, but nothing is larger than
// a NaN in front.
#extension GL_GOOGLE_include_directive : require
#include "types.glsl"
#include "rows.glsl"

shared float best_values[gl_WorkGroupSize.x];
shared uint best_places[gl_WorkGroupSize.x];

// Does (value, place) come before (other, other_place)? A place of n is none.
bool better(float value, uint place, float other, uint other_place) {
  if (place == n) return false;
  return other_place == n || value > other || (value == other && place < other_place);
}

void main() {
  const uint row = row_number(), own = gl_LocalInvocationID.x;
  const uint end = row < rows ? n : 0;
  uint index[axes];
  index_of(row, rank, sizes, index);
  const uint x = place_of(index, rank, first_strides);
  float value = 0.0;
  uint place = n;
  for (uint i = lane(); i < end; i += lanes) {
    const float candidate = first.at[x + i * first_step];
    if (!is_nan(candidate) && better(candidate, i, value, place)) {
      value = candidate;
      place = i;
    }
  }
  best_values[own] = value;
  best_places[own] = place;
  for (uint span = lanes / 2; span > 0; span /= 2) {
    barrier();
    if (lane() < span && better(best_values[own + span], best_places[own + span], best_values[own], best_places[own])) {
      best_values[own] = best_values[own + span];
      best_places[own] = best_places[own + span];
    }
  }
  if (lane() != 0 || row >= rows) return;
  const uint best = is_nan(first.at[x]) ? 0 : best_places[own];
  Ints(outputs).at[place_of(index, rank, output_strides)] = int(best);
}
