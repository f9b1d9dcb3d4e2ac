// SPDX-License-Identifier: Apache-2.0
// Products with tiles in shared memory (shaders/matmul_tiled.comp).
#include <algorithm>

#include "backends/vulkan/matmul_kernels.h"
#include "backends/vulkan/shaders.h"

namespace thaw::vulkan {
namespace {

bool in_quads(uint64_t address, uint32_t element_size, uint32_t line, const std::array<uint32_t, 2>& batch) {
  return address % (4 * element_size) == 0 && line % 4 == 0 && batch[0] % 4 == 0 && batch[1] % 4 == 0;
}

// How the quads of an operand [rows, K] are read (shaders/matmul_tiles.glsl).
struct Reading {
  bool along_k, wide;
};

Reading reading_of(uint64_t address, uint32_t element_size, uint32_t row_stride, uint32_t k_stride,
                   const std::array<uint32_t, 2>& batch) {
  const bool along_k = k_stride == 1 || row_stride != 1;
  const bool neighbours = k_stride == 1 || row_stride == 1;
  return {along_k, neighbours && in_quads(address, element_size, along_k ? row_stride : k_stride, batch)};
}

}  // namespace

std::vector<uint32_t> tile_constants(const MatmulPush& push, DType inputs, const ProductTiles& tiles,
                                     const std::vector<uint32_t>& more) {
  const uint32_t element_size = size_of(inputs);
  const Reading a = reading_of(push.a, element_size, push.a_row, push.a_column, push.a_batch);
  const Reading b = reading_of(push.b, element_size, push.b_column, push.b_row, push.b_batch);
  const bool wide_results =
      push.n % 4 == 0 && in_quads(push.target | push.pre_activation, sizeof(float), push.target_row, push.target_batch);
  std::vector<uint32_t> constants{tiles.m,   tiles.n, tiles.k,   tiles.lane_m, tiles.lane_n,
                                  a.along_k, a.wide,  b.along_k, b.wide,       wide_results};
  constants.insert(constants.end(), more.begin(), more.end());
  return constants;
}

bool matmul_tiled(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push) {
  const Tuning& tuning = backend.tuning();
  if (tuning.matmul_kernel < tiled_product || std::min({push.m, push.n, push.k}) < tuning.matmul_tiled_least)
    return false;
  const ProductTiles tiles = tiles_for(push, tuning);
  launch_product(backend, args, push,
                 {.shader = size_of(args.a.dtype) == 2 ? shaders::matmul_tiled_halves : shaders::matmul_tiled,
                  .workgroup = tiles.workgroup(),
                  .constants = tile_constants(push, args.a.dtype, tiles, {}),
                  .tiles = count_tiles(push, tiles),
                  .k_step = tiles.k});
  return true;
}

}  // namespace thaw::vulkan
