// SPDX-License-Identifier: Apache-2.0
// Products of f16 matrices by the device's matrix units (shaders/matmul_cooperative.comp), where there are any and the
// build's glslc knows them.
#include <algorithm>

#include "backends/vulkan/matmul_kernels.h"
#include "backends/vulkan/shaders.h"

namespace thaw::vulkan {

bool matmul_cooperative(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push) {
  const Tuning& tuning = backend.tuning();
  if (tuning.matmul_kernel < cooperative_product || !shaders::matmul_cooperative || args.a.dtype != DType::f16 ||
      std::min({push.m, push.n, push.k}) < tuning.matmul_tiled_least)
    return false;
  const std::optional<CooperativeTiles> large =
      cooperative_tiles(backend.facts(), backend.subgroup_size(), tuning.matmul_cooperative_tile, tuning);
  const std::optional<CooperativeTiles> small =
      cooperative_tiles(backend.facts(), backend.subgroup_size(), tuning.matmul_cooperative_small_tile, tuning);
  if (!small) return false;
  const bool fills = large && fills_large(push, large->tiles, small->tiles, tuning);
  const auto& [tiles, matrix, workgroup] = fills ? *large : *small;
  launch_product(backend, args, push,
                 {.shader = *shaders::matmul_cooperative,
                  .workgroup = workgroup,
                  .constants = tile_constants(push, args.a.dtype, tiles, {matrix.m, matrix.n, matrix.k}),
                  .tiles = count_tiles(push, tiles),
                  .k_step = tiles.k,
                  .subgroup_size = backend.subgroup_size()});
  return true;
}

}  // namespace thaw::vulkan
