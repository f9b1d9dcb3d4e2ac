// SPDX-License-Identifier: Apache-2.0
// Products straight from memory (shaders/matmul_direct.comp): for any sizes and strides.
#include "backends/vulkan/matmul_kernels.h"
#include "backends/vulkan/shaders.h"

namespace thaw::vulkan {

void matmul_direct(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push) {
  const Tuning& tuning = backend.tuning();
  const uint32_t workgroup = tuning.matmul_direct_workgroup, lanes_n = tuning.matmul_direct_lanes_n;
  const uint32_t tile_m = tuning.matmul_direct_tile_m, tile_n = tuning.matmul_direct_tile_n;
  const uint64_t tiles =
      uint64_t{ceil_divide(push.m, workgroup / lanes_n * tile_m)} * ceil_divide(push.n, lanes_n * tile_n);
  const bool half = size_of(args.a.dtype) == 2;
  launch_product(backend, args, push,
                 {.shader = half ? shaders::matmul_direct_halves : shaders::matmul_direct,
                  .workgroup = workgroup,
                  .constants = {lanes_n, tile_m, tile_n},
                  .tiles = tiles});
}

}  // namespace thaw::vulkan
