// SPDX-License-Identifier: Apache-2.0
// Random draws for making data sets: the same on every machine for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace thaw {

// The standard fixes the numbers of mt19937_64, but not those of its distributions and shuffles: so these are here.
class Draw {
 public:
  explicit Draw(uint64_t seed) : engine_(seed) {}

  // A number in [0, n), n > 0. Even to within n / 2^64.
  size_t below(size_t n) { return static_cast<size_t>(engine_() % n); }

  // Fisher-Yates: every order is as likely.
  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace thaw
