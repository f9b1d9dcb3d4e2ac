// SPDX-License-Identifier: Apache-2.0
// The sizes that kernels are made with, chosen by what the device reports. Every number can be overridden for
// measurements: THAW_VULKAN_TUNING="pointwise_workgroup=64,reduce_workgroup=128".
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backends/vulkan/facts.h"

namespace thaw::vulkan {

// The product kernels, each for what the one before does not suit: Tuning::matmul_kernel is the last that may be taken.
enum ProductKernel : uint32_t { direct_product = 1, tiled_product = 2, cooperative_product = 3 };

// What a workgroup and an invocation of a tiled product compute: m x n numbers, k of K at a time.
struct ProductTiles {
  uint32_t m, n, k, lane_m, lane_n;

  uint32_t workgroup() const { return (m / lane_m) * (n / lane_n); }
  // Two tiles of each operand in f32, with padding, or a row of results for each lane (shaders/matmul_tiled.comp).
  uint32_t shared_bytes() const { return 4 * std::max(2 * k * (m + n + 8), m / lane_m * n); }
};

struct Tuning {
  uint32_t pointwise_workgroup = 256;     // invocations of a pointwise kernel
  uint32_t pointwise_per_invocation = 4;  // elements each of them computes
  uint32_t reduce_workgroup = 256;        // invocations that share sums
  uint32_t reduce_columns = 32;           // neighbouring columns that a workgroup sums at once, so that reads are wide
  uint32_t reduce_groups = 256;           // workgroups below which long sums are split
  uint32_t matmul_direct_workgroup = 64;  // of the product kernel without shared memory: invocations,
  uint32_t matmul_direct_lanes_n = 16;    // those along n,
  uint32_t matmul_direct_tile_m = 4;      // and the tile of each
  uint32_t matmul_direct_tile_n = 4;
  uint32_t matmul_kernel = cooperative_product;
  uint32_t matmul_tiled_least = 16;  // m, n and k below which a product is left to the direct kernel
  uint32_t matmul_tile_m = 64;       // of the tiled product kernel
  uint32_t matmul_tile_n = 64;
  uint32_t matmul_tile_k = 8;
  uint32_t matmul_lane_m = 8;
  uint32_t matmul_lane_n = 4;
  uint32_t matmul_small_tile_m = 32;  // the same where the tiles above are too few, or mostly empty
  uint32_t matmul_small_tile_n = 32;
  uint32_t matmul_small_tile_k = 16;
  uint32_t matmul_small_lane_m = 4;
  uint32_t matmul_small_lane_n = 4;
  uint32_t matmul_texel_least = UINT32_MAX;  // multiply-adds from which a product fetches texels,
  uint32_t matmul_texel_rows = 16;           // the rows of a workgroup then,
  uint32_t matmul_texel_steps = 2;  // and the quads fetched at once from rows along k: less of a cache line is lost
  uint32_t matmul_cooperative_tile = 128;       // of the kernel for matrix units: m and n; four subgroups share a tile
  uint32_t matmul_cooperative_small_tile = 64;  // the same where those are too few, or mostly empty
  uint32_t matmul_cooperative_tile_k = 16;
  uint32_t matmul_groups = 128;         // workgroups of a product below which a long K is split,
  uint32_t matmul_shortest_part = 256;  // into parts of at least this k
  uint32_t norm_rows_per_block = 32;    // rows whose sums are one part of a norm's weight gradients
  uint32_t attention_block = 32;        // queries and keys that a workgroup of attention takes at a time
  uint32_t attention_tile = 4;          // rows and columns of scores for an invocation; a multiple of 4
  uint32_t list_workgroup = 128;        // of the kernels over lists of tensors: invocations,
  uint32_t list_chunk = 4096;           // and numbers, a multiple of 4, for each workgroup

  ProductTiles large_tiles() const {
    return {matmul_tile_m, matmul_tile_n, matmul_tile_k, matmul_lane_m, matmul_lane_n};
  }
  ProductTiles small_tiles() const {
    return {matmul_small_tile_m, matmul_small_tile_n, matmul_small_tile_k, matmul_small_lane_m, matmul_small_lane_n};
  }
};

// One number of the table: its name, and where it is.
struct TuningEntry {
  std::string_view name;
  uint32_t Tuning::*value;
};
std::vector<TuningEntry> tuning_entries();

// Whether a device can run matmul_texel: its workgroups can be one subgroup of a size that the kernel is made for.
bool can_fetch_products(const Facts& facts);

// The table (tuning.cpp), then `overrides` ("name=number,..."; std::invalid_argument names what it does not know).
Tuning tuning_for(const Facts& facts, std::string_view overrides);

// "pointwise_workgroup=256 ...", for `thaw devices --verbose` and benchmarks.
std::string to_string(const Tuning& tuning);

}  // namespace thaw::vulkan
