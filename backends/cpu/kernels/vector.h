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

}  // namespace thaw::cpu::THAW_CPU_ISA
