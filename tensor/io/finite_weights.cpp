// SPDX-License-Identifier: Apache-2.0
// Counts exponents of all ones.
#include "tensor/io/finite_weights.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace thaw {

namespace {

constexpr size_t piece = 4096;  // numbers; of a constant length, so that compilers make vectors of the loop

template <typename Number, typename IsBad>
int64_t count_in(std::span<const std::byte> bytes, IsBad is_bad) {
  std::array<Number, piece> numbers;
  int64_t count = 0;
  for (size_t begin = 0; begin < bytes.size(); begin += sizeof(numbers)) {
    const size_t length = std::min(sizeof(numbers), bytes.size() - begin);
    if (length < sizeof(numbers)) numbers.fill(Number{});
    std::memcpy(numbers.data(), bytes.data() + begin, length);
    uint32_t bad = 0;
    for (size_t i = 0; i < piece; ++i) bad += is_bad(numbers[i]) ? 1u : 0u;
    count += bad;
  }
  return count;
}

template <typename Bits>
int64_t count_exponents(std::span<const std::byte> bytes, Bits all_ones) {
  return count_in<Bits>(bytes, [all_ones](Bits x) { return (x & all_ones) == all_ones; });
}

}  // namespace

int64_t count_not_finite(const SafetensorsEntry& entry) {
  if (entry.dtype == "F32") return count_exponents<uint32_t>(entry.bytes, 0x7F800000u);
  if (entry.dtype == "BF16") return count_exponents<uint16_t>(entry.bytes, 0x7F80u);
  if (entry.dtype == "F16") return count_exponents<uint16_t>(entry.bytes, 0x7C00u);
  if (entry.dtype != "F64") return 0;
  constexpr double most = std::numeric_limits<float>::max();
  return count_in<double>(entry.bytes, [](double x) { return !(x >= -most && x <= most); });
}

}  // namespace thaw
