// SPDX-License-Identifier: Apache-2.0
// Walks views of one shape and any strides in pieces that are consecutive in memory, which is all that the kernels
// know: what is not so is packed into a small buffer before, and unpacked after.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "backends/cpu/parallel.h"
#include "tensor/view.h"

namespace thaw::cpu {

// The common index space of several views, with axes merged where all of them allow it. Operand 0 is the output.
struct Walk {
  static constexpr int most_operands = 4;
  static constexpr int64_t piece = 1024;  // numbers in a packed piece

  bool writes = true;  // false: operand 0 is an input too
  int operands = 0, rank = 0;
  int64_t numel = 1;
  std::array<int64_t, Shape::max_rank> size{};
  std::array<std::array<int64_t, Shape::max_rank>, most_operands> stride{};  // in elements
  std::array<char*, most_operands> base{};
  std::array<size_t, most_operands> item{};  // bytes of an element

  // `any_order`: the axes may be reordered, so that the output's memory is walked from first to last.
  Walk(std::initializer_list<const View*> views, bool any_order);

  // Elements of a piece: a stretch of the last axis if that is long (rows), else any stretch of the flattened space.
  bool in_rows() const { return size[static_cast<size_t>(rank - 1)] >= 64; }
  bool consecutive(int operand) const;
  // Byte address of flat element i.
  char* at(int operand, int64_t i) const;
  // Copies elements [first, first + count) of an operand, in the walk's order, to or from a buffer.
  void pack(int operand, int64_t first, int64_t count, void* buffer) const;
  void unpack(int operand, int64_t first, int64_t count, const void* buffer) const;

  // Calls f(pointers, count, first) for pieces of [begin, end); pointers[0] is where the output goes.
  template <typename F>
  void for_pieces(int64_t begin, int64_t end, const F& f) const;
  // The same over the whole space, in parallel.
  template <typename F>
  void run(const F& f) const;
};

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
