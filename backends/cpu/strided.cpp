// SPDX-License-Identifier: Apache-2.0
// Merging axes, and moving strided elements to and from buffers.
#include "backends/cpu/strided.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace thaw::cpu {
namespace {

// Copies `count` elements at a fixed distance (in elements) on both sides.
template <typename T>
void move_line(char* to, int64_t to_stride, const char* from, int64_t from_stride, int64_t count) {
  T* const y = reinterpret_cast<T*>(to);
  const T* const x = reinterpret_cast<const T*>(from);
  if (to_stride == 1 && from_stride == 1) {
    std::memcpy(to, from, static_cast<size_t>(count) * sizeof(T));
  } else if (to_stride == 1 && from_stride == 0) {
    std::fill_n(y, count, *x);
  } else {
    for (int64_t i = 0; i < count; ++i) y[i * to_stride] = x[i * from_stride];
  }
}

void move_line(size_t item, char* to, int64_t to_stride, const char* from, int64_t from_stride, int64_t count) {
  if (item == 4) return move_line<uint32_t>(to, to_stride, from, from_stride, count);
  if (item == 2) return move_line<uint16_t>(to, to_stride, from, from_stride, count);
  move_line<uint8_t>(to, to_stride, from, from_stride, count);
}

}  // namespace

Walk::Walk(std::initializer_list<const View*> views, bool any_order) {
  const View& first = **views.begin();
  const int axes = first.rank();
  std::array<int, Shape::max_rank> order{};
  std::iota(order.begin(), order.end(), 0);
  if (any_order)
    std::stable_sort(order.begin(), order.begin() + axes,
                     [&](int a, int b) { return first.strides[a] > first.strides[b]; });
  for (const View* view : views) {
    const auto o = static_cast<size_t>(operands++);
    item[o] = size_of(view->dtype);
    base[o] = static_cast<char*>(view->block->data) + view->offset * static_cast<int64_t>(item[o]);
  }
  numel = first.numel();
  for (int i = 0; i < axes; ++i) {
    const int axis = order[static_cast<size_t>(i)];
    if (first.shape[axis] == 1) continue;
    // Merge with the axis before if, for every operand, one step of that is a whole turn of this.
    bool merges = rank > 0;
    size_t o = 0;
    for (const View* view : views) {
      merges = merges && stride[o][static_cast<size_t>(rank - 1)] == view->strides[axis] * first.shape[axis];
      ++o;
    }
    if (merges) --rank;
    size[static_cast<size_t>(rank)] = (merges ? size[static_cast<size_t>(rank)] : 1) * first.shape[axis];
    o = 0;
    for (const View* view : views) stride[o++][static_cast<size_t>(rank)] = view->strides[axis];
    ++rank;
  }
  if (rank == 0) {
    rank = 1;
    size[0] = 1;
    for (auto& strides : stride) strides[0] = 1;
  }
}

bool Walk::consecutive(int operand) const { return rank == 1 && stride[static_cast<size_t>(operand)][0] == 1; }

char* Walk::at(int operand, int64_t i) const {
  const auto& strides = stride[static_cast<size_t>(operand)];
  int64_t offset = 0;
  for (int axis = rank - 1; axis > 0; --axis) {
    const auto a = static_cast<size_t>(axis);
    offset += i % size[a] * strides[a];
    i /= size[a];
  }
  offset += i * strides[0];
  return base[static_cast<size_t>(operand)] + offset * static_cast<int64_t>(item[static_cast<size_t>(operand)]);
}

void Walk::pack(int operand, int64_t first, int64_t count, void* buffer) const {
  const auto o = static_cast<size_t>(operand), last = static_cast<size_t>(rank - 1);
  char* to = static_cast<char*>(buffer);
  while (count > 0) {
    const int64_t n = std::min(count, size[last] - first % size[last]);
    move_line(item[o], to, 1, at(operand, first), stride[o][last], n);
    to += static_cast<size_t>(n) * item[o];
    first += n;
    count -= n;
  }
}

void Walk::unpack(int operand, int64_t first, int64_t count, const void* buffer) const {
  const auto o = static_cast<size_t>(operand), last = static_cast<size_t>(rank - 1);
  const char* from = static_cast<const char*>(buffer);
  while (count > 0) {
    const int64_t n = std::min(count, size[last] - first % size[last]);
    move_line(item[o], at(operand, first), stride[o][last], from, 1, n);
    from += static_cast<size_t>(n) * item[o];
    first += n;
    count -= n;
  }
}

}  // namespace thaw::cpu
