// SPDX-License-Identifier: Apache-2.0
// The 16-bit floating types as bits: bf16 (upper half of f32) and f16 (IEEE binary16), to and from f32, rounding to
// nearest even. Branch-free, so that compilers vectorise them; internal linkage, so that it can be compiled for several
// instruction sets in one program.
#pragma once

#include <cstdint>

namespace thaw::half {

[[gnu::always_inline, maybe_unused]] static inline uint32_t bits_of(float x) { return __builtin_bit_cast(uint32_t, x); }
[[gnu::always_inline, maybe_unused]] static inline float float_of(uint32_t bits) {
  return __builtin_bit_cast(float, bits);
}

[[gnu::always_inline, maybe_unused]] static inline float from_bf16(uint16_t h) { return float_of(uint32_t{h} << 16); }

// NaN stays a (quiet) NaN.
[[gnu::always_inline, maybe_unused]] static inline uint16_t to_bf16(float x) {
  const uint32_t u = bits_of(x);
  const uint32_t rounded = (u + 0x7FFFu + ((u >> 16) & 1u)) >> 16;
  return static_cast<uint16_t>((u & 0x7FFFFFFFu) > 0x7F800000u ? (u >> 16) | 0x40u : rounded);
}

// Exponent and mantissa at their places in f32, times 2^112 to correct the bias: exact for subnormal numbers too.
[[gnu::always_inline, maybe_unused]] static inline float from_f16(uint16_t h) {
  const uint32_t sign = (uint32_t{h} & 0x8000u) << 16;
  const uint32_t magnitude = (uint32_t{h} & 0x7FFFu) << 13;
  const uint32_t finite = bits_of(float_of(magnitude) * 5.192296858534828e33f);
  return float_of((magnitude >= 0x0F800000u ? magnitude | 0x7F800000u : finite) | sign);
}

// From 65520 on: infinity. Below 2^-14: adding 1/2 leaves a multiple of 2^-24, correctly rounded, in the low bits.
[[gnu::always_inline, maybe_unused]] static inline uint16_t to_f16(float x) {
  const uint32_t u = bits_of(x);
  const uint32_t sign = (u >> 16) & 0x8000u;
  const uint32_t a = u & 0x7FFFFFFFu;
  const uint32_t normal = (a - 0x38000000u + 0xFFFu + ((a >> 13) & 1u)) >> 13;
  const uint32_t subnormal = bits_of(float_of(a) + 0.5f) - 0x3F000000u;
  uint32_t h = a < 0x38800000u ? subnormal : normal;
  h = a >= 0x477FF000u ? 0x7C00u : h;
  h = a > 0x7F800000u ? 0x7E00u | ((a >> 13) & 0x3FFu) : h;
  return static_cast<uint16_t>(h | sign);
}

}  // namespace thaw::half
