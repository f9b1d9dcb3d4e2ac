// SPDX-License-Identifier: Apache-2.0
// The loops of Walk (strided.h).
#pragma once

#include "backends/cpu/parallel.h"
#include "backends/cpu/strided.h"

namespace thaw::cpu {

template <typename F>
void Walk::for_pieces(int64_t begin, int64_t end, const F& f) const {
  alignas(64) std::byte buffer[most_operands][piece * sizeof(float)];
  const int64_t row = size[static_cast<size_t>(rank - 1)];
  std::array<bool, most_operands> direct{};
  bool all_direct = true;
  for (int k = 0; k < operands; ++k) {
    const auto o = static_cast<size_t>(k);
    direct[o] = consecutive(k) || (in_rows() && stride[o][static_cast<size_t>(rank - 1)] == 1);
    all_direct = all_direct && direct[o];
  }
  std::array<void*, most_operands> pointers{};
  for (int64_t first = begin; first < end;) {
    int64_t count = end - first;
    if (in_rows() && count > row - first % row) count = row - first % row;
    if (!all_direct && count > piece) count = piece;
    for (int k = 0; k < operands; ++k) {
      const auto o = static_cast<size_t>(k);
      pointers[o] = direct[o] ? static_cast<void*>(at(k, first)) : static_cast<void*>(buffer[o]);
      if (!direct[o] && (k > 0 || !writes)) pack(k, first, count, buffer[o]);
    }
    f(pointers, count, first);
    if (!direct[0] && writes) unpack(0, first, count, buffer[0]);
    first += count;
  }
}

template <typename F>
void Walk::run(const F& f) const {
  if (numel == 0) return;
  parallel_ranges(numel, int64_t{1} << 15, [&](int64_t begin, int64_t end) { for_pieces(begin, end, f); });
}

}  // namespace thaw::cpu
