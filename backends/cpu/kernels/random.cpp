// SPDX-License-Identifier: Apache-2.0
// Uniform numbers and dropout. Words are made a piece at a time into a small buffer, so that the loop over elements
// vectorises.
#include "backends/cpu/kernels/families.h"
#include "backends/cpu/kernels/philox_lanes.h"
#include "backends/shared/philox.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int64_t piece = 256;

// Calls f(words, begin, count) for pieces of [0, n); words[i] is the word of element first + begin + i.
template <typename F>
[[gnu::always_inline]] inline void for_words(int64_t n, uint64_t first, uint64_t seed, uint64_t stream, const F& f) {
  alignas(64) uint32_t words[word_room(piece)];
  for (int64_t begin = 0; begin < n; begin += piece) {
    const int64_t count = n - begin < piece ? n - begin : piece;
    const uint64_t element = first + static_cast<uint64_t>(begin);
    const int64_t skipped = static_cast<int64_t>(element % 4);
    stream_words(words, element / 4, (skipped + count + 3) / 4, seed, stream);
    f(words + skipped, begin, count);
  }
}

void uniform(float* y, int64_t n, uint64_t first, uint64_t seed, uint64_t stream) {
  for_words(n, first, seed, stream, [y](const uint32_t* words, int64_t begin, int64_t count) {
    float* const to = y + begin;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) to[i] = philox::uniform_of_word(words[i]);
  });
}

}  // namespace

void dropout(float* y, const float* x, const float* residual, int64_t n, uint64_t first, const DropoutMask& mask) {
  const int32_t threshold = static_cast<int32_t>(mask.threshold);
  const float factor = mask.factor;
  for_words(n, first, mask.seed, mask.stream, [=](const uint32_t* words, int64_t begin, int64_t count) {
    float* const to = y + begin;
    const float* const from = x + begin;
    const float* const add = residual ? residual + begin : nullptr;
    if (add) {
#pragma omp simd
      for (int64_t i = 0; i < count; ++i) {
        const float kept = from[i] * factor;
        to[i] = (static_cast<int32_t>(words[i] >> 8) >= threshold ? kept : 0.0f) + add[i];
      }
    } else {
#pragma omp simd
      for (int64_t i = 0; i < count; ++i) {
        const float kept = from[i] * factor;
        to[i] = static_cast<int32_t>(words[i] >> 8) >= threshold ? kept : 0.0f;
      }
    }
  });
}

void add_random(Kernels& table) {
  table.uniform = uniform;
  table.dropout = dropout;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
