// SPDX-License-Identifier: Apache-2.0
// Sizes, strides and broadcasting.
#include "tensor/shape.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>

#include "tensor/check.h"

namespace thaw {

Shape::Shape(std::initializer_list<int64_t> sizes) : Shape(std::span<const int64_t>(sizes.begin(), sizes.size())) {}

Shape::Shape(std::span<const int64_t> sizes) : rank_(static_cast<int>(sizes.size())) {
  check(sizes.size() <= max_rank, "shape: {} axes, at most {} are supported", sizes.size(), max_rank);
  std::copy(sizes.begin(), sizes.end(), sizes_.begin());
}

Shape Shape::of_rank(int rank, int64_t value) {
  check(rank >= 0 && rank <= max_rank, "shape: {} axes, at most {} are supported", rank, max_rank);
  Shape shape;
  shape.rank_ = rank;
  std::fill_n(shape.sizes_.begin(), rank, value);
  return shape;
}

int64_t Shape::numel() const {
  int64_t n = 1;
  for (const int64_t size : *this) n *= size;
  return n;
}

bool Shape::operator==(const Shape& other) const { return std::equal(begin(), end(), other.begin(), other.end()); }

void Shape::no_axis(int axis) const {
  throw std::invalid_argument(fmt::format("shape {}: axis {} is not in [-{}, {})", *this, axis, rank_, rank_));
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.to_string(); }

std::string shape_text(std::span<const int64_t> sizes) { return fmt::format("[{}]", fmt::join(sizes, ", ")); }

Shape Shape::without(int axis) const {
  axis = normalized_axis(axis, rank_);
  Shape result;
  for (int i = 0; i < rank_; ++i)
    if (i != axis) result.sizes_[static_cast<size_t>(result.rank_++)] = (*this)[i];
  return result;
}

Shape Shape::with(int axis, int64_t size) const {
  check(rank_ < max_rank, "shape: {} axes, at most {} are supported", rank_ + 1, max_rank);
  axis = normalized_axis(axis, rank_ + 1);
  Shape result;
  for (int i = 0; i <= rank_; ++i)
    result.sizes_[static_cast<size_t>(i)] = i < axis ? (*this)[i] : i == axis ? size : (*this)[i - 1];
  result.rank_ = rank_ + 1;
  return result;
}

Strides contiguous_strides(const Shape& shape) {
  Strides strides = Shape::of_rank(shape.rank());
  int64_t next = 1;
  for (int i = shape.rank() - 1; i >= 0; --i) {
    strides[i] = next;
    next *= shape[i];
  }
  return strides;
}

Shape broadcast_shape(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  Shape result = Shape::of_rank(rank);
  for (int i = 1; i <= rank; ++i) {
    const int64_t in_a = i <= a.rank() ? a[-i] : 1, in_b = i <= b.rank() ? b[-i] : 1;
    check(in_a == in_b || in_a == 1 || in_b == 1, "shapes {} and {} do not broadcast", a, b);
    result[-i] = in_a == 1 ? in_b : in_a;
  }
  return result;
}

int normalized_axis(int axis, int rank) {
  check(axis >= -rank && axis < rank, "axis {} is not in [-{}, {})", axis, rank, rank);
  return axis < 0 ? axis + rank : axis;
}

}  // namespace thaw
