// SPDX-License-Identifier: Apache-2.0
// How many messages the validation layer had (THAW_VULKAN_VALIDATE=1).
#pragma once

#include <cstdint>

namespace thaw::vulkan {

// Warnings and errors since the program began; their texts went to stderr.
uint64_t validation_messages();

}  // namespace thaw::vulkan
