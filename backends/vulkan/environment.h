// SPDX-License-Identifier: Apache-2.0
// The environment variables of the backend (README.md lists them).
#pragma once

#include <cstdint>
#include <string>

namespace thaw::vulkan {

// Empty if it is not set.
std::string environment_text(const char* name);

// std::invalid_argument if it is set to something that is no number.
uint32_t environment_number(const char* name, uint32_t otherwise);

}  // namespace thaw::vulkan
