// SPDX-License-Identifier: Apache-2.0
// A short list of sizes (or strides), kept inline: row-major, the last axis is the fastest.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>

namespace thaw {

// "[3, 5, 7]": sizes of any rank as messages show them.
std::string shape_text(std::span<const int64_t> sizes);

class Shape {
 public:
  static constexpr int max_rank = 6;

  Shape() = default;
  Shape(std::initializer_list<int64_t> sizes);
  explicit Shape(std::span<const int64_t> sizes);
  static Shape of_rank(int rank, int64_t value = 1);

  int rank() const { return rank_; }
  // Size of an axis; negative axes count from the end; an axis that there is not is an error. Innermost loops go by
  // begin().
  int64_t operator[](int axis) const { return sizes_[place(axis)]; }
  int64_t& operator[](int axis) { return sizes_[place(axis)]; }
  int64_t numel() const;
  bool operator==(const Shape& other) const;
  const int64_t* begin() const { return sizes_.data(); }
  const int64_t* end() const { return sizes_.data() + rank_; }

  std::string to_string() const { return shape_text({begin(), end()}); }

  // The sizes with one axis removed / inserted before `axis`.
  Shape without(int axis) const;
  Shape with(int axis, int64_t size) const;

 private:
  size_t place(int axis) const {
    const int from_front = axis < 0 ? axis + rank_ : axis;
    if (static_cast<unsigned>(from_front) >= static_cast<unsigned>(rank_)) [[unlikely]]
      no_axis(axis);
    return static_cast<size_t>(from_front);
  }
  [[noreturn]] void no_axis(int axis) const;

  std::array<int64_t, max_rank> sizes_{};
  int rank_ = 0;
};

using Strides = Shape;

std::ostream& operator<<(std::ostream& out, const Shape& shape);

// Row-major strides, in elements.
Strides contiguous_strides(const Shape& shape);

// The shape two shapes broadcast to (sizes equal, or 1 in one of them, aligned at the last axis); std::invalid_argument
// otherwise.
Shape broadcast_shape(const Shape& a, const Shape& b);

// Axis in [0, rank) for an axis in [-rank, rank); std::invalid_argument otherwise.
int normalized_axis(int axis, int rank);

}  // namespace thaw

// Messages take a Shape as it is: its text is only made when they are thrown.
template <>
struct fmt::formatter<thaw::Shape> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const thaw::Shape& shape, Context& context) const {
    return fmt::formatter<std::string_view>::format(shape.to_string(), context);
  }
};
