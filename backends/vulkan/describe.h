// SPDX-License-Identifier: Apache-2.0
// A device in words: Backend::description().
#pragma once

#include <string>

#include "backends/vulkan/facts.h"
#include "backends/vulkan/tuning.h"

namespace thaw::vulkan {

// A line: what it is, its memory, its types. More lines: what kernels find there, which it gets, their numbers.
std::string describe(const Facts& facts, const Tuning& tuning);

}  // namespace thaw::vulkan
