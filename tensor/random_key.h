// SPDX-License-Identifier: Apache-2.0
// Counter-based randomness: a key names a stream of Philox4x32-10 numbers, the same on every backend (Salmon et al.
// 2011).
#pragma once

#include <array>
#include <cstdint>

namespace thaw {

// Number i of a stream: word i % 4 of philox(counter = {i / 4 low, i / 4 high, stream low, stream high}, key = seed).
struct RandomKey {
  uint64_t seed = 0;
  uint64_t stream = 0;
};

// Words 4 * block .. 4 * block + 3 of a stream, on the host: for initialisers, shuffling and tests. Defined in
// backends/shared/philox.cpp, from the formula that the kernels include.
std::array<uint32_t, 4> random_words(RandomKey key, uint64_t block);

// Words of keys 4 * key_block .. 4 * key_block + 3 of an attention dropout (AttentionArgs in kernel_args.h), on the
// host. Defined there too.
std::array<uint32_t, 4> attention_words(RandomKey key, uint32_t head, uint32_t query, uint32_t key_block);

// Hands out one new stream per random operation. Its two numbers are all the state that a checkpoint keeps.
class RandomStreams {
 public:
  explicit RandomStreams(uint64_t seed = 0, uint64_t next = 0) : seed_(seed), next_(next) {}
  RandomKey take() { return {seed_, next_++}; }
  uint64_t seed() const { return seed_; }
  uint64_t position() const { return next_; }
  void set_position(uint64_t next) { next_ = next; }

 private:
  uint64_t seed_;
  uint64_t next_;
};

// A dropout: element i of the tensor is kept iff u >= probability, u = (word i of `key` >> 8) * 2^-24, and then
// multiplied by 1 / (1 - probability). probability 0: nothing is dropped and the key is not read. Masks are recomputed,
// never kept.
struct Dropout {
  float probability = 0;
  RandomKey key;

  // What a kept element is multiplied by (rounded to the element type).
  double factor() const { return 1.0 / (1.0 - static_cast<double>(probability)); }
};

}  // namespace thaw
