// SPDX-License-Identifier: Apache-2.0
// A matrix product brought into the form that the kernels take: at most two batch axes, everything as strides in
// elements.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "backends/vulkan/tuning.h"
#include "tensor/kernel_args.h"

namespace thaw::vulkan {

// The push constants of the product kernels (shaders/matmul.glsl).
struct MatmulPush {
  uint64_t a = 0, b = 0, target = 0, pre_activation = 0, bias = 0;  // addresses
  uint32_t m = 0, n = 0, k = 0;
  uint32_t a_row = 0, a_column = 0, b_row = 0, b_column = 0, target_row = 0;
  std::array<uint32_t, 2> a_batch{}, b_batch{}, target_batch{};
  uint32_t inner_batches = 1, batches = 1;
  uint32_t bias_stride = 0;
  uint32_t k_part = 1;
  float scale = 1;
};

// The products whose results together are `args`: one, unless its batch axes cannot be described by two strides.
// Batches that share `b` and whose rows follow each other become more rows of one product. k_part is k: nothing is
// split.
std::vector<MatmulPush> matmul_products(const MatmulArgs& args);

// Whether large tiles are enough for the device, and the result fills them about as well as small ones.
bool fills_large(const MatmulPush& push, const ProductTiles& large, const ProductTiles& small, const Tuning& tuning);
// The tiles for a product.
ProductTiles tiles_for(const MatmulPush& push, const Tuning& tuning);
// How many of them a batch has.
uint64_t count_tiles(const MatmulPush& push, const ProductTiles& tiles);

// A tile for matrix units, shared by 2 x 2 subgroups: `tiles` with what a subgroup computes as its lane.
struct CooperativeTiles {
  ProductTiles tiles;
  CooperativeMatrix matrix;
  uint32_t workgroup;
};
// With the largest of the device's matrices that divides it; nothing where none does, or where the device cannot hold
// the tile.
std::optional<CooperativeTiles> cooperative_tiles(const Facts& facts, uint32_t subgroup_size, uint32_t tile,
                                                  const Tuning& tuning);

// The k of one part, a multiple of `step`, for a product of `groups` workgroups: k where nothing is to be split. By
// sizes and the table alone, so that the same product is always summed in the same order.
uint32_t k_of_part(uint64_t groups, uint32_t k, uint32_t step, const Tuning& tuning);

}  // namespace thaw::vulkan
