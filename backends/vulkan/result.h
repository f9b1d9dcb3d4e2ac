// SPDX-License-Identifier: Apache-2.0
// Vulkan's result codes as errors.
#pragma once

#include <vulkan/vulkan.h>

#include <string_view>

#include "tensor/check.h"

namespace thaw::vulkan {

// "VK_ERROR_DEVICE_LOST"
std::string_view name_of(VkResult result);

// Throws std::runtime_error "vulkan: WHAT failed: VK_ERROR_..." on a negative result.
inline void check_result(VkResult result, std::string_view what) {
  if (result < 0) fail("vulkan: {} failed: {}", what, name_of(result));
}

}  // namespace thaw::vulkan
