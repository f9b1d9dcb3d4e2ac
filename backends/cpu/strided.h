// SPDX-License-Identifier: Apache-2.0
// Walks views of one shape and any strides in pieces that are consecutive in memory, which is all that the kernels
// know: what is not so is packed into a small buffer before, and unpacked after.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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

}  // namespace thaw::cpu

#include "backends/cpu/strided_run.h"
