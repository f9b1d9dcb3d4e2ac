// SPDX-License-Identifier: Apache-2.0
// How a reduction is spread over workgroups.
#pragma once

#include <cstdint>

#include "backends/vulkan/tuning.h"

namespace thaw::vulkan {

struct ReducePlan {
  uint32_t workgroup = 1;
  uint32_t lanes = 1;  // invocations that share one result
  uint32_t parts = 1;  // workgroups that share one result, each of `chunk` numbers
  uint32_t chunk = 0;
};

// For `results` results of `n` numbers each; `rows`: the numbers of one result are neighbours, else those of
// neighbouring results are.
ReducePlan reduce_plan(const Tuning& tuning, uint32_t results, uint32_t n, bool rows);

}  // namespace thaw::vulkan
