// SPDX-License-Identifier: Apache-2.0
// Shaders in which "not a number" stays what it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace thaw::vulkan {

// The module (SPIR-V 1.4 or newer, one entry point) with the execution mode SignedZeroInfNanPreserve for 32 bits.
// Without it a compiler may take `x < 89 ? x : 89` for a minimum that turns a NaN into 89, and NVIDIA's does. Only for
// devices that have shaderSignedZeroInfNanPreserveFloat32.
std::vector<uint32_t> keeping_nan(std::span<const uint32_t> words);

}  // namespace thaw::vulkan
