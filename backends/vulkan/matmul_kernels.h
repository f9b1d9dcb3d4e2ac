// SPDX-License-Identifier: Apache-2.0
// The kernels of matrix products. Those that return bool say whether they took the product; the last takes any.
#pragma once

#include <vector>

#include "backends/vulkan/matmul_plan.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {

// f16 by matrix units (matmul_cooperative.cpp).
bool matmul_cooperative(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push);
// With tiles in shared memory.
bool matmul_tiled(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push);
// Straight from memory.
void matmul_direct(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push);

// From texel buffers, on devices with subgroups of one small size; products that are large enough.
bool matmul_texel(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push);

// A kernel made for one product.
struct ProductLaunch {
  const Shader& shader;
  uint32_t workgroup;               // invocations
  std::vector<uint32_t> constants;  // specialisation constants 7, 8, ...
  uint64_t tiles;                   // workgroups for each batch
  uint32_t k_step = 1;              // the parts of a split K are multiples of it
  std::vector<Texels> texels = {};  // of a kernel that fetches
  uint32_t subgroup_size = 0;       // that the kernel must have; 0: any
};

// Specialisation constants 7-16 of the kernels with tiles, and `more`: the tiles, and how quads are read and written.
std::vector<uint32_t> tile_constants(const MatmulPush& push, DType inputs, const ProductTiles& tiles,
                                     const std::vector<uint32_t>& more);

// Records it; where its workgroups are too few for the device and K is long, with K split: partial sums in scratch
// memory, added up in their order by a second launch (matmul_sum.comp).
void launch_product(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push,
                    const ProductLaunch& launch);

}  // namespace thaw::vulkan
