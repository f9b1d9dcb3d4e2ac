#version 460
// SPDX-License-Identifier: Apache-2.0
// out = in, from any type to any type. -DHALVES, -DBYTES: see types.glsl.
#extension GL_GOOGLE_include_directive : require
#define AXES 6
#include "common.glsl"
#include "strided.glsl"
#include "types.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint rank = 1;
layout(constant_id = 2) const uint per_invocation = 1;
layout(constant_id = 3) const uint out_type = 0;
layout(constant_id = 4) const uint in_type = 0;

layout(push_constant, scalar) uniform Push {
  Uints outputs, inputs;
  uint sizes[axes];
  uint out_strides[axes], in_strides[axes];
  uint count;
};

// The bits of an element as they lie in memory.
uint load(uint place) {
#ifdef HALVES
  if (in_type == type_bf16 || in_type == type_f16) return uint(Halves(inputs).at[place]);
#endif
#ifdef BYTES
  if (in_type == type_u8) return uint(Bytes(inputs).at[place]);
#endif
  return inputs.at[place];
}

void store(uint place, uint bits) {
#ifdef HALVES
  if (out_type == type_bf16 || out_type == type_f16) {
    Halves(outputs).at[place] = uint16_t(bits);
    return;
  }
#endif
#ifdef BYTES
  if (out_type == type_u8) {
    Bytes(outputs).at[place] = uint8_t(bits);
    return;
  }
#endif
  outputs.at[place] = bits;
}

uint converted(uint bits) {
  if (in_type == out_type) return bits;
  if (in_type == type_i32 || in_type == type_u8) {
    const int x = int(bits);
    if (out_type == type_i32) return bits;
    if (out_type == type_u8) return uint(clamp(x, 0, 255));
    if (out_type == type_f32) return floatBitsToUint(float(x));
    return out_type == type_bf16 ? to_bf16(to_short_float(x)) : to_f16(to_short_float(x));
  }
  const float x = in_type == type_f32 ? uintBitsToFloat(bits) : in_type == type_bf16 ? from_bf16(bits) : from_f16(bits);
  if (out_type == type_i32) return uint(to_int(x));
  if (out_type == type_u8) return uint(clamp(to_int(x), 0, 255));
  if (out_type == type_f32) return floatBitsToUint(x);
  return out_type == type_bf16 ? to_bf16(x) : to_f16(x);
}

void main() {
  for (uint k = 0; k < per_invocation; ++k) {
    const uint number = (group_number() * per_invocation + k) * gl_WorkGroupSize.x + gl_LocalInvocationID.x;
    if (number >= count) return;
    uint index[axes];
    index_of(number, rank, sizes, index);
    store(place_of(index, rank, out_strides), converted(load(place_of(index, rank, in_strides))));
  }
}
