// SPDX-License-Identifier: Apache-2.0
// From the number of an element to its place in strided views of up to `axes` axes; axes in front have size 1. `rank`
// is how many are in use: a specialisation constant, so that the divisions of the others vanish. The loops are
// unrolled: arrays are registers only then.
#ifndef AXES
#define AXES 4
#endif
const uint axes = AXES;

void index_of(uint number, uint rank, uint sizes[axes], out uint index[axes]) {
  uint rest = number;
  [[unroll]] for (uint i = 0; i < axes; ++i) {
    const uint axis = axes - 1 - i;
    index[axis] = i + 1 < rank ? rest % sizes[axis] : i + 1 == rank ? rest : 0;
    if (i + 1 < rank) rest /= sizes[axis];
  }
}

uint place_of(uint index[axes], uint rank, uint strides[axes]) {
  uint place = 0;
  [[unroll]] for (uint i = 0; i < axes; ++i)
    if (i < rank) place += index[axes - 1 - i] * strides[axes - 1 - i];
  return place;
}
