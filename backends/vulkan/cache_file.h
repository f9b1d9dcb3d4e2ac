// SPDX-License-Identifier: Apache-2.0
// The file that keeps a driver's compiled pipelines between runs. It begins with what it was made by; anything else in
// it makes it worthless, never wrong.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "backends/vulkan/facts.h"

namespace thaw::vulkan {

// THAW_VULKAN_CACHE (a folder; empty: no cache), else cache_folder(); then "vulkan-DEVICE-DRIVER.cache". Empty: there
// is no place for it.
std::string cache_path(const Facts& facts);

// The pipelines' data in a file; empty if there is none, it is damaged, or another device, driver or program version
// made it.
std::vector<std::byte> read_cache(const std::string& path, const Facts& facts);
// Makes the folder if need be; the file appears whole or not at all. Throws std::runtime_error.
void write_cache(const std::string& path, const Facts& facts, std::span<const std::byte> data);

}  // namespace thaw::vulkan
