// SPDX-License-Identifier: Apache-2.0
// Kernels over many tensors at once: workgroup number `group_number()` has one chunk of one tensor, in the order of the
// list.

// The same struct as in tensor_list.h.
struct ListedTensor {
  Floats memory[4];   // what each is, is told by the kernel; all hold `count` numbers
  uint count;
  uint first_chunk;   // number of its first chunk
  float factor;       // the kernel's own
  uint aligned;       // 1: all memory begins at multiples of 16 bytes
};
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer TensorList { ListedTensor at[]; };

// The tensor that a chunk belongs to: the last one that begins at or before it. (Tensors without numbers have no
// chunk.)
uint tensor_of(TensorList list, uint tensors, uint chunk) {
  uint low = 0, high = tensors;
  while (high - low > 1) {
    const uint middle = (low + high) / 2;
    if (list.at[middle].first_chunk <= chunk) low = middle;
    else high = middle;
  }
  return low;
}

// By its bits: drivers need not keep to IEEE 754 where infinities and NaNs are compared.
bool is_finite(float x) { return (floatBitsToUint(x) & 0x7F800000u) != 0x7F800000u; }

// Four neighbours of a tensor, 0 beyond its end.
vec4 read_four(Floats memory, uint index, uint count, bool whole) {
  if (whole) return Vec4s(memory).at[index / 4];
  vec4 four = vec4(0.0);
  for (uint i = 0; i < 4; ++i)
    if (index + i < count) four[i] = memory.at[index + i];
  return four;
}

void write_four(Floats memory, uint index, uint count, bool whole, vec4 four) {
  if (whole) {
    Vec4s(memory).at[index / 4] = four;
    return;
  }
  for (uint i = 0; i < 4; ++i)
    if (index + i < count) memory.at[index + i] = four[i];
}
