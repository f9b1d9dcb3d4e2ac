// SPDX-License-Identifier: Apache-2.0
// Launching kernels that work along the last axis (shaders/rows.glsl).
#pragma once

#include <vector>

#include "backends/vulkan/kernel.h"

namespace thaw::vulkan {

class VulkanBackend;

// Views: the output, then one or two inputs [..., n]; the output may have size 1 on the last axis. Any strides.
void launch_rows(VulkanBackend& backend, const Shader& shader, const char* name, const std::vector<const View*>& views);

}  // namespace thaw::vulkan
