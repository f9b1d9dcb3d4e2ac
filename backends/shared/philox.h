// SPDX-License-Identifier: Apache-2.0
// philox.inc for C++. Everything has internal linkage, so that it can be compiled for several instruction sets in one
// program.
#pragma once

#include <cstdint>

namespace thaw::philox {

using uint = uint32_t;

struct uvec4 {
  uint x, y, z, w;
};

[[gnu::always_inline, maybe_unused]] static inline void umulExtended(uint a, uint b, uint& high, uint& low) {
  const uint64_t product = uint64_t{a} * b;
  high = static_cast<uint>(product >> 32);
  low = static_cast<uint>(product);
}

#define FUNCTION [[gnu::always_inline, maybe_unused]] static inline
#include "backends/shared/philox.inc"
#undef FUNCTION

// stream_words() and attention_words() with whole 64-bit numbers.
[[gnu::always_inline, maybe_unused]] static inline uvec4 stream_words(uint64_t block, uint64_t seed, uint64_t stream) {
  return stream_words(static_cast<uint>(block), static_cast<uint>(block >> 32), static_cast<uint>(seed),
                      static_cast<uint>(seed >> 32), static_cast<uint>(stream), static_cast<uint>(stream >> 32));
}
[[gnu::always_inline, maybe_unused]] static inline uvec4 attention_words(uint key_block, uint query, uint head,
                                                                         uint64_t seed, uint64_t stream) {
  return attention_words(key_block, query, head, static_cast<uint>(seed), static_cast<uint>(seed >> 32),
                         static_cast<uint>(stream), static_cast<uint>(stream >> 32));
}

// Word i of four.
[[gnu::always_inline, maybe_unused]] static inline uint word_of(const uvec4& words, uint i) {
  return i == 0 ? words.x : i == 1 ? words.y : i == 2 ? words.z : words.w;
}

}  // namespace thaw::philox
