// SPDX-License-Identifier: Apache-2.0
// Layout questions about a view, and other views of its memory.
#include "tensor/view.h"

#include <array>
#include <utility>

#include "tensor/check.h"

namespace thaw {

bool View::is_contiguous() const {
  int64_t next = 1;
  for (int i = rank() - 1; i >= 0; --i) {
    if (shape[i] == 1) continue;
    if (strides[i] != next) return numel() == 0;
    next *= shape[i];
  }
  return true;
}

bool View::has_dense_rows() const {
  if (numel() == 0 || rank() == 0) return true;
  if (shape[-1] != 1 && strides[-1] != 1) return false;
  if (rank() == 1) return true;
  // Axes before the last collapse into one of rows, each at the same distance.
  int64_t next = 0;
  for (int i = rank() - 2; i >= 0; --i) {
    if (shape[i] == 1) continue;
    if (next != 0 && strides[i] != next) return false;
    next = strides[i] * shape[i];
  }
  return true;
}

View View::permute(std::span<const int> axes) const {
  check(static_cast<int>(axes.size()) == rank(), "permute: {} axes for {}", axes.size(), shape);
  View view = *this;
  std::array<bool, Shape::max_rank> seen{};
  for (int i = 0; i < rank(); ++i) {
    const int axis = normalized_axis(axes[static_cast<size_t>(i)], rank());
    check(!seen[static_cast<size_t>(axis)], "permute: axis {} twice", axis);
    seen[static_cast<size_t>(axis)] = true;
    view.shape[i] = shape[axis];
    view.strides[i] = strides[axis];
  }
  return view;
}

View View::transpose(int a, int b) const {
  a = normalized_axis(a, rank());
  b = normalized_axis(b, rank());
  View view = *this;
  std::swap(view.shape[a], view.shape[b]);
  std::swap(view.strides[a], view.strides[b]);
  return view;
}

View View::slice(int axis, int64_t begin, int64_t end) const {
  axis = normalized_axis(axis, rank());
  check(0 <= begin && begin <= end && end <= shape[axis], "slice: [{}, {}) of axis {} of {}", begin, end, axis, shape);
  View view = *this;
  view.offset += begin * strides[axis];
  view.shape[axis] = end - begin;
  return view;
}

View View::expand(const Shape& to) const {
  check(to.rank() >= rank(), "expand: {} to {}", shape, to);
  View view = *this;
  view.shape = to;
  view.strides = Shape::of_rank(to.rank(), 0);
  for (int i = 1; i <= rank(); ++i) {
    check(shape[-i] == to[-i] || shape[-i] == 1, "expand: {} to {}", shape, to);
    if (shape[-i] == to[-i]) view.strides[-i] = strides[-i];
  }
  return view;
}

View View::squeeze(int axis) const {
  axis = normalized_axis(axis, rank());
  check(shape[axis] == 1, "squeeze: axis {} of {} is not 1", axis, shape);
  View view = *this;
  view.shape = shape.without(axis);
  view.strides = strides.without(axis);
  return view;
}

View View::unsqueeze(int axis) const {
  axis = normalized_axis(axis, rank() + 1);
  View view = *this;
  view.shape = shape.with(axis, 1);
  view.strides = strides.with(axis, axis < rank() ? shape[axis] * strides[axis] : 1);
  return view;
}

}  // namespace thaw
