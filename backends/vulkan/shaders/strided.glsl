// SPDX-License-Identifier: Apache-2.0
// From the number of an element to its place in strided views of up to `axes` axes; axes in front have size 1. `rank` is how many are in use: a specialisation
// constant, so that the divisions of the others vanish.
#ifndef AXES
#define AXES 4
#endif
const uint axes = AXES;

void index_of(uint number, uint rank, uint sizes[axes], out uint index[axes]) {
  uint rest = number;
  for (uint axis = axes - 1; axis > 0; --axis) {
    index[axis] = 0;
    if (axes - axis < rank) {
      index[axis] = rest % sizes[axis];
      rest /= sizes[axis];
    } else if (axes - axis == rank) {
      index[axis] = rest;
      rest = 0;
    }
  }
  index[0] = rest;
}

uint place_of(uint index[axes], uint rank, uint strides[axes]) {
  uint place = 0;
  [[unroll]] for (uint axis = 0; axis < axes; ++axis)
    if (axes - axis <= rank) place += index[axis] * strides[axis];
  return place;
}
