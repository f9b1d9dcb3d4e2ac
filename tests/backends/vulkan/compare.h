// SPDX-License-Identifier: Apache-2.0
// Holding Vulkan's kernels to the reference backend's.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tensor/ops.h"

namespace thaw::test {

// The Vulkan device that tests use; undefined where there is none (then the cases say so and pass).
Device vulkan_device();

// `count` numbers, about normally distributed, the same for the same seed on every device.
std::vector<float> normal_numbers(uint64_t seed, int64_t count);
Tensor normal(uint64_t seed, const Shape& shape, Device device, DType dtype = DType::f32);
// A tensor of that shape whose elements lie apart in memory: a part of a larger one, with axes permuted, at an odd
// offset.
Tensor scattered(uint64_t seed, const Shape& shape, Device device);

// Computes on the reference backend, then twice on Vulkan: the normalised mean squared error of every result must be at
// most `bound`, both runs must give the same bits, and the validation layer (where it is loaded) must be silent.
// Without a Vulkan device nothing is done.
void check_against_reference(const std::function<std::vector<Tensor>(Device)>& compute, double bound = 1e-10);
// The same for a device that the test made.
void check_against_reference(Device device, const std::function<std::vector<Tensor>(Device)>& compute,
                             double bound = 1e-10);

}  // namespace thaw::test
