// SPDX-License-Identifier: Apache-2.0
// Joining axes.
#include "backends/vulkan/layout.h"

#include <limits>

#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

constexpr int64_t largest = std::numeric_limits<int32_t>::max();

void check_span(const View& view) {
  int64_t last = 0;
  for (int axis = 0; axis < view.rank(); ++axis) last += (view.shape[axis] - 1) * view.strides[axis];
  check(view.numel() <= largest && last < largest, "vulkan: kernels count to 2^31 - 1 elements; a view {} has more",
        view.shape);
}

}  // namespace

Layout joined_layout(std::span<const View* const> views) {
  Layout layout;
  layout.strides.resize(views.size());
  for (const View* view : views) check_span(*view);
  const Shape& shape = views[0]->shape;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1) continue;
    const auto size = static_cast<uint32_t>(shape[axis]);
    bool joins = !layout.sizes.empty();
    size_t v = 0;
    for (const View* view : views) {
      if (joins && layout.strides[v].back() != static_cast<uint64_t>(view->strides[axis]) * size) joins = false;
      ++v;
    }
    if (joins) {
      layout.sizes.back() *= size;
    } else {
      layout.sizes.push_back(size);
    }
    v = 0;
    for (const View* view : views) {
      const auto stride = static_cast<uint32_t>(view->strides[axis]);
      if (joins) {
        layout.strides[v].back() = stride;
      } else {
        layout.strides[v].push_back(stride);
      }
      ++v;
    }
  }
  if (layout.sizes.empty()) {
    layout.sizes.push_back(1);
    for (auto& strides : layout.strides) strides.push_back(0);
  }
  return layout;
}

}  // namespace thaw::vulkan
