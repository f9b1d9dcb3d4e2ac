// SPDX-License-Identifier: Apache-2.0
// Elements of every type in memory, and the casts between them. The numbers of the types are those of DType
// (tensor/dtype.h). -DHALVES, -DBYTES: with types of 16 and 8 bits, for devices that can store them.
#ifdef HALVES
#extension GL_EXT_shader_16bit_storage : require
layout(buffer_reference, scalar, buffer_reference_align = 2) buffer Halves { uint16_t at[]; };
#endif
#ifdef BYTES
#extension GL_EXT_shader_8bit_storage : require
layout(buffer_reference, scalar, buffer_reference_align = 1) buffer Bytes { uint8_t at[]; };
#endif

const uint type_f32 = 0, type_bf16 = 2, type_f16 = 3, type_i32 = 4, type_u8 = 5;

bool is_nan(float x) { return (floatBitsToUint(x) & 0x7FFFFFFFu) > 0x7F800000u; }

float from_bf16(uint bits) { return uintBitsToFloat(bits << 16); }

// To nearest, ties to even; a NaN stays one.
uint to_bf16(float x) {
  const uint bits = floatBitsToUint(x);
  if (is_nan(x)) return (bits >> 16) | 0x40u;
  return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}

// Without denormal floats, which a device may take for 0: a denormal f16 is (1 + mantissa / 1024) * 2^-14 - 2^-14.
float from_f16(uint bits) {
  const uint magnitude = bits & 0x7FFFu, shifted = magnitude << 13;
  const float value = magnitude >= 0x7C00u  ? uintBitsToFloat(shifted | 0x7F800000u)
                      : magnitude >= 0x400u ? uintBitsToFloat(shifted + 0x38000000u)
                                            : uintBitsToFloat(shifted + 0x38800000u) - 6.103515625e-5;
  return uintBitsToFloat(floatBitsToUint(value) | (bits & 0x8000u) << 16);
}

uint to_f16(float x) {
  const uint bits = floatBitsToUint(x);
  const uint sign = (bits >> 16) & 0x8000u;
  const uint magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) return sign | 0x7E00u | ((magnitude >> 13) & 1023u);
  if (magnitude >= 0x47800000u) return sign | 0x7C00u;      // 65,536 and more
  if (magnitude >= 0x38800000u) {                           // normal; may round up to infinity
    const uint rounded = magnitude + 0xFFFu + ((magnitude >> 13) & 1u);
    return sign | ((rounded - 0x38000000u) >> 13);
  }
  if (magnitude < 0x33000000u) return sign;                 // below half of the smallest
  const uint shift = 126u - (magnitude >> 23);              // 14..24
  const uint mantissa = (magnitude & 0x7FFFFFu) | 0x800000u;
  const uint cut = mantissa & ((1u << shift) - 1u);
  const uint half_way = 1u << (shift - 1u);
  uint kept = mantissa >> shift;
  if (cut > half_way || (cut == half_way && (kept & 1u) == 1u)) ++kept;
  return sign | kept;
}

// Towards zero; what does not fit becomes the nearest number that does, NaN becomes 0.
int to_int(float x) {
  if (is_nan(x)) return 0;
  if (x >= 2147483648.0) return 2147483647;
  if (x <= -2147483648.0) return int(0x80000000u);
  return int(x);
}

// An integer as a float that rounds to any shorter type as the integer itself does: what is cut off leaves a bit
// behind.
float to_short_float(int x) {
  uint magnitude = uint(abs(x));
  if (magnitude >= 0x1000000u) magnitude = (magnitude & ~0xFFu) | ((magnitude & 0xFFu) != 0u ? 0x100u : 0u);
  const float value = float(magnitude);
  return x < 0 ? -value : value;
}
