// SPDX-License-Identifier: Apache-2.0
// Grids and labels of launches.
#include "backends/vulkan/kernel.h"

#include "tensor/check.h"

namespace thaw::vulkan {

Groups groups_over(uint64_t count) {
  constexpr uint64_t largest = 65535;
  check(count <= largest * largest, "vulkan: a grid of {} workgroups", count);
  if (count == 0) return {0, 1, 1};
  const uint32_t y = ceil_divide(count, largest);
  return {ceil_divide(count, y), y, 1};
}

std::string Label::text() const {
  std::string out = op;
  for (size_t i = 0; i < sizes.size() && sizes[i] != 0; ++i) out += fmt::format("{}{}", i ? "x" : " ", sizes[i]);
  return out;
}

}  // namespace thaw::vulkan
