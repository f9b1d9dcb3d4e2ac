// SPDX-License-Identifier: Apache-2.0
// A device in one line, for `thaw devices`.
#pragma once

#include <string>

#include "backends/vulkan/facts.h"
#include "backends/vulkan/tuning.h"

namespace thaw::vulkan {

// What it is, what it can do, which kernels it gets.
std::string describe(const Facts& facts, const Tuning& tuning);

}  // namespace thaw::vulkan
