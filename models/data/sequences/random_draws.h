// SPDX-License-Identifier: Apache-2.0
// Random numbers one after the other, from a stream of Philox: the same on every machine.
#pragma once

#include <array>
#include <cstdint>

#include "tensor/random_key.h"

namespace thaw {

class RandomDraws {
 public:
  explicit RandomDraws(RandomKey key) : key_(key) {}

  uint32_t word() {
    if (next_ % 4 == 0) words_ = random_words(key_, next_ / 4);
    return words_[next_++ % 4];
  }
  // In [0, n), n <= 2^16: off an even chance by less than 2^-16 of it.
  int32_t below(int32_t n) { return static_cast<int32_t>((uint64_t{word()} * static_cast<uint64_t>(n)) >> 32); }
  bool chance(double probability) { return (word() + 0.5) * 0x1p-32 < probability; }

 private:
  RandomKey key_;
  uint64_t next_ = 0;
  std::array<uint32_t, 4> words_{};
};

}  // namespace thaw
