// SPDX-License-Identifier: Apache-2.0
// Vectors of floats as wide as the instruction set's registers, for the loops in which the compiler must not choose:
// products of small matrices.
#pragma once

#include <cstdint>

namespace thaw::cpu::THAW_CPU_ISA {

#if defined(__AVX512F__)
static constexpr char isa_name[] = "v4";
static constexpr int lanes = 16;
#elif defined(__AVX2__)
static constexpr char isa_name[] = "v3";
static constexpr int lanes = 8;
#else
static constexpr char isa_name[] = "baseline";
static constexpr int lanes = 4;
#endif

typedef float vec __attribute__((vector_size(lanes * sizeof(float))));

[[gnu::always_inline]] static inline vec load(const float* from) {
  vec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}
[[gnu::always_inline]] static inline void store(float* to, vec v) { __builtin_memcpy(to, &v, sizeof v); }

typedef float vec4 __attribute__((vector_size(16)));

// Four numbers whose sum is v's.
[[gnu::always_inline]] static inline vec4 folded(vec v) {
#if defined(__AVX512F__)
  const auto low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7),
             high = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  const auto half = low + high;
  return __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
#elif defined(__AVX2__)
  return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
#else
  return v;
#endif
}

// The sums of four vectors.
[[gnu::always_inline]] static inline vec4 sums_of(vec a, vec b, vec c, vec d) {
  const vec4 x = folded(a), y = folded(b), z = folded(c), w = folded(d);
  const vec4 xy = __builtin_shufflevector(x, y, 0, 4, 1, 5) + __builtin_shufflevector(x, y, 2, 6, 3, 7);
  const vec4 zw = __builtin_shufflevector(z, w, 0, 4, 1, 5) + __builtin_shufflevector(z, w, 2, 6, 3, 7);
  return __builtin_shufflevector(xy, zw, 0, 1, 4, 5) + __builtin_shufflevector(xy, zw, 2, 3, 6, 7);
}

}  // namespace thaw::cpu::THAW_CPU_ISA
