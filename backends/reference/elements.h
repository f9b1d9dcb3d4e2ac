// SPDX-License-Identifier: Apache-2.0
// Walking strided views, and choosing a loop by element type.
#pragma once

#include <array>
#include <cstdint>

#include "tensor/check.h"
#include "tensor/view.h"

namespace thaw::reference {

// Calls f(offsets) for each index of `shape` in row-major order; offsets[k] is where strides[k] leads, in elements.
template <size_t count, typename F>
void for_each_element(const Shape& shape, const std::array<Strides, count>& strides, F f) {
  if (shape.numel() == 0) return;
  std::array<int64_t, count> offsets{};
  std::array<int64_t, Shape::max_rank> index{};
  const int64_t* const sizes = shape.begin();
  while (true) {
    f(offsets);
    int axis = shape.rank() - 1;
    for (; axis >= 0; --axis) {
      for (size_t k = 0; k < count; ++k) offsets[k] += strides[k].begin()[axis];
      if (++index[static_cast<size_t>(axis)] < sizes[axis]) break;
      for (size_t k = 0; k < count; ++k) offsets[k] -= strides[k].begin()[axis] * sizes[axis];
      index[static_cast<size_t>(axis)] = 0;
    }
    if (axis < 0) return;
  }
}

// The same for the rows of views: each index of all axes but the last.
template <size_t count, typename F>
void for_each_row(const Shape& shape, const std::array<Strides, count>& strides, F f) {
  std::array<Strides, count> outer;
  for (size_t k = 0; k < count; ++k) outer[k] = strides[k].without(-1);
  for_each_element(shape.without(-1), outer, f);
}

// Calls f(float()) or f(double()).
template <typename F>
void with_float_type(DType dtype, F f) {
  check(dtype == DType::f32 || dtype == DType::f64, "reference: this function does not compute in {}", name_of(dtype));
  if (dtype == DType::f32) {
    f(float());
  } else {
    f(double());
  }
}

}  // namespace thaw::reference
