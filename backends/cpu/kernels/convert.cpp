// SPDX-License-Identifier: Apache-2.0
// Casts: to nearest even between floating types; towards zero from floating to integer types (what does not fit becomes
// the nearest that does, NaN 0).
#include "backends/cpu/kernels/families.h"
#include "backends/shared/half.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

struct Bf16 {
  uint16_t bits;
};
struct F16 {
  uint16_t bits;
};

[[gnu::always_inline]] inline float number(float x) { return x; }
[[gnu::always_inline]] inline float number(Bf16 x) { return half::from_bf16(x.bits); }
[[gnu::always_inline]] inline float number(F16 x) { return half::from_f16(x.bits); }
[[gnu::always_inline]] inline float number(int32_t x) { return static_cast<float>(x); }
[[gnu::always_inline]] inline float number(uint8_t x) { return static_cast<float>(x); }

// Bounds are floats: 2^31 is not an int32, hence the last choice.
[[gnu::always_inline]] inline int32_t truncated(float x, float low, float high, int32_t highest) {
  float y = x == x ? x : 0.0f;
  y = y < low ? low : y;
  const bool above = y >= high;
  const int32_t inside = static_cast<int32_t>(above ? 0.0f : y);
  return above ? highest : inside;
}

[[gnu::always_inline]] inline void put(float& to, float x) { to = x; }
[[gnu::always_inline]] inline void put(Bf16& to, float x) { to.bits = half::to_bf16(x); }
[[gnu::always_inline]] inline void put(F16& to, float x) { to.bits = half::to_f16(x); }
[[gnu::always_inline]] inline void put(int32_t& to, float x) {
  to = truncated(x, -2147483648.0f, 2147483648.0f, 2147483647);
}
[[gnu::always_inline]] inline void put(uint8_t& to, float x) {
  to = static_cast<uint8_t>(truncated(x, 0.0f, 255.0f, 255));
}

template <typename To, typename From>
void convert_loop(void* to, const void* from, int64_t n) {
  To* const y = static_cast<To*>(to);
  const From* const x = static_cast<const From*>(from);
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) put(y[i], number(x[i]));
}

// Integers go to integers without passing through float.
template <>
void convert_loop<uint8_t, int32_t>(void* to, const void* from, int64_t n) {
  uint8_t* const y = static_cast<uint8_t*>(to);
  const int32_t* const x = static_cast<const int32_t*>(from);
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<uint8_t>(x[i] < 0 ? 0 : x[i] > 255 ? 255 : x[i]);
}
template <>
void convert_loop<int32_t, uint8_t>(void* to, const void* from, int64_t n) {
  int32_t* const y = static_cast<int32_t*>(to);
  const uint8_t* const x = static_cast<const uint8_t*>(from);
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) y[i] = x[i];
}

template <typename From>
void convert_from(void* to, DType to_type, const void* from, int64_t n) {
  switch (to_type) {
    case DType::f32: return convert_loop<float, From>(to, from, n);
    case DType::bf16: return convert_loop<Bf16, From>(to, from, n);
    case DType::f16: return convert_loop<F16, From>(to, from, n);
    case DType::i32: return convert_loop<int32_t, From>(to, from, n);
    case DType::u8: return convert_loop<uint8_t, From>(to, from, n);
    case DType::f64: return;  // the caller refuses it
  }
}

void convert(void* to, DType to_type, const void* from, DType from_type, int64_t n) {
  if (to_type == from_type) {
    __builtin_memcpy(to, from, static_cast<size_t>(n) * size_of(to_type));
    return;
  }
  switch (from_type) {
    case DType::f32: return convert_from<float>(to, to_type, from, n);
    case DType::bf16: return convert_from<Bf16>(to, to_type, from, n);
    case DType::f16: return convert_from<F16>(to, to_type, from, n);
    case DType::i32: return convert_from<int32_t>(to, to_type, from, n);
    case DType::u8: return convert_from<uint8_t>(to, to_type, from, n);
    case DType::f64: return;
  }
}

}  // namespace

void add_convert(Kernels& table) { table.convert = convert; }

}  // namespace thaw::cpu::THAW_CPU_ISA
