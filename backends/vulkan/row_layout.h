// SPDX-License-Identifier: Apache-2.0
// Where the rows of a view lie, for kernels that go through rows (shaders/rows.glsl).
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "backends/vulkan/kernel.h"

namespace thaw::vulkan {

// The distance of the rows of a view of rank 2 with dense rows.
inline uint32_t row_stride(const View& view) { return static_cast<uint32_t>(view.strides[-2]); }
inline uint32_t row_stride(const View* view) { return view ? row_stride(*view) : 0; }

// May the rows be read four numbers at a time? Rank 1 or 2, f32; null entries are skipped.
inline bool rows_are_aligned(std::initializer_list<const View*> views) {
  return std::all_of(views.begin(), views.end(), [](const View* view) {
    return !view || (address_of(*view) % 16 == 0 && view->shape[-1] % 4 == 0 &&
                     (view->rank() < 2 || view->shape[0] == 1 || view->strides[0] % 4 == 0));
  });
}

}  // namespace thaw::vulkan
