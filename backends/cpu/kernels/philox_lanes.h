// SPDX-License-Identifier: Apache-2.0
// Random words in vectors: the formula of philox.inc on one block of four words per 64-bit lane.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int block_lanes = lanes / 2;

typedef uint64_t wide __attribute__((vector_size(block_lanes * 8)));

// 32-bit numbers, one in the lower half of each 64-bit lane; the upper halves hold anything.
struct Lanes {
  wide v;
  Lanes() = default;
  Lanes(wide all) : v(all) {}
  Lanes(uint32_t same) : v(wide{} + same) {}
  Lanes& operator+=(uint32_t x) { return v += x, *this; }
  friend Lanes operator^(Lanes a, Lanes b) { return a.v ^ b.v; }
  friend Lanes operator>>(Lanes a, int bits) { return (a.v & 0xFFFFFFFFu) >> bits; }
  explicit operator float() const { return static_cast<float>(v[0]); }  // philox.inc's formula for one number
};

[[gnu::always_inline]] inline wide low_product(wide a, uint32_t b) {
#if defined(__AVX512F__)
  return reinterpret_cast<wide>(_mm512_maskz_mul_epu32(0xFF, reinterpret_cast<__m512i>(a), _mm512_set1_epi64(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<wide>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), _mm256_set1_epi64x(b)));
#elif defined(__SSE2__)
  return reinterpret_cast<wide>(_mm_mul_epu32(reinterpret_cast<__m128i>(a), _mm_set1_epi64x(b)));
#else
  return (a & 0xFFFFFFFFu) * b;
#endif
}

[[gnu::always_inline]] inline void umulExtended(uint32_t a, Lanes b, Lanes& high, Lanes& low) {
  low.v = low_product(b.v, a);
  high.v = low.v >> 32;
}

namespace in_lanes {

using uint = Lanes;
struct uvec4 {
  Lanes x, y, z, w;
};

#define FUNCTION [[gnu::always_inline, maybe_unused]] inline
#include "backends/shared/philox.inc"
#undef FUNCTION

}  // namespace in_lanes

// The words of block_lanes blocks, one after the other.
[[gnu::always_inline]] inline void store_words(uint32_t* to, const in_lanes::uvec4& words) {
  const wide xy = (words.x.v & 0xFFFFFFFFu) | (words.y.v << 32);
  const wide zw = (words.z.v & 0xFFFFFFFFu) | (words.w.v << 32);
  uint64_t* const pairs = reinterpret_cast<uint64_t*>(to);
#if defined(__AVX512F__)
  const wide first = __builtin_shufflevector(xy, zw, 0, 8, 1, 9, 2, 10, 3, 11);
  const wide second = __builtin_shufflevector(xy, zw, 4, 12, 5, 13, 6, 14, 7, 15);
#elif defined(__AVX2__)
  const wide first = __builtin_shufflevector(xy, zw, 0, 4, 1, 5);
  const wide second = __builtin_shufflevector(xy, zw, 2, 6, 3, 7);
#else
  const wide first = __builtin_shufflevector(xy, zw, 0, 2);
  const wide second = __builtin_shufflevector(xy, zw, 1, 3);
#endif
  __builtin_memcpy(pairs, &first, sizeof first);
  __builtin_memcpy(pairs + block_lanes, &second, sizeof second);
}

// Block numbers first, first + 1, ...
[[gnu::always_inline]] inline wide counting_from(uint64_t first) {
  wide all = wide{} + first;
  for (int i = 0; i < block_lanes; ++i) all[i] += static_cast<uint64_t>(i);
  return all;
}

// Words 4 * first .. 4 * (first + blocks) - 1 of a stream (random_key.h); `to` has room for blocks rounded up to 2 *
// block_lanes.
[[maybe_unused]] inline void stream_words(uint32_t* to, uint64_t first, int64_t blocks, uint64_t seed,
                                          uint64_t stream) {
  const uint32_t s0 = static_cast<uint32_t>(seed), s1 = static_cast<uint32_t>(seed >> 32);
  const uint32_t t0 = static_cast<uint32_t>(stream), t1 = static_cast<uint32_t>(stream >> 32);
  wide block = counting_from(first);
  for (int64_t b = 0; b < blocks; b += 2 * block_lanes, block += 2 * block_lanes) {
    const wide next = block + block_lanes;
    const in_lanes::uvec4 even = in_lanes::stream_words(block, block >> 32, s0, s1, t0, t1);
    const in_lanes::uvec4 odd = in_lanes::stream_words(next, next >> 32, s0, s1, t0, t1);
    store_words(to + 4 * b, even);
    store_words(to + 4 * (b + block_lanes), odd);
  }
}

// Words of keys 0 .. 4 * blocks - 1 for one query and head (kernel_args.h); room as above.
[[maybe_unused]] inline void attention_words(uint32_t* to, int64_t blocks, uint32_t query, uint32_t head, uint64_t seed,
                                             uint64_t stream) {
  const uint32_t s0 = static_cast<uint32_t>(seed), s1 = static_cast<uint32_t>(seed >> 32);
  const uint32_t t0 = static_cast<uint32_t>(stream), t1 = static_cast<uint32_t>(stream >> 32);
  wide block = counting_from(0);
  for (int64_t b = 0; b < blocks; b += 2 * block_lanes, block += 2 * block_lanes) {
    const in_lanes::uvec4 even = in_lanes::attention_words(block, query, head, s0, s1, t0, t1);
    const in_lanes::uvec4 odd = in_lanes::attention_words(block + block_lanes, query, head, s0, s1, t0, t1);
    store_words(to + 4 * b, even);
    store_words(to + 4 * (b + block_lanes), odd);
  }
}

// Numbers of room that words for n elements need, whatever the first one's place in its block.
constexpr int64_t word_room(int64_t n) { return (n / 4 + 2 + 2 * block_lanes) * 4; }

}  // namespace
}  // namespace thaw::cpu::THAW_CPU_ISA
