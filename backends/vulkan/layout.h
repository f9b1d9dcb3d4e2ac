// SPDX-License-Identifier: Apache-2.0
// Strided views as kernels walk them: axes that lie one behind another in all views are joined, so that most launches
// have one or two axes left.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "tensor/view.h"

namespace thaw::vulkan {

// Axes from the slowest to the fastest; strides[v][axis] in elements.
struct Layout {
  std::vector<uint32_t> sizes;
  std::vector<std::vector<uint32_t>> strides;

  uint32_t rank() const { return static_cast<uint32_t>(sizes.size()); }
};

// The joined axes of views of one shape, at least one. Axes of size 1 are dropped. Throws std::invalid_argument for
// views of more elements than kernels can count (2^31 - 1).
Layout joined_layout(std::span<const View* const> views);

// The sizes and strides for a push constant, filled up with axes of size 1 in front.
template <size_t rank>
std::array<uint32_t, rank> padded(const std::vector<uint32_t>& values, uint32_t filling) {
  std::array<uint32_t, rank> out;
  out.fill(filling);
  for (size_t i = 0; i < values.size(); ++i) out[rank - values.size() + i] = values[i];
  return out;
}

}  // namespace thaw::vulkan
