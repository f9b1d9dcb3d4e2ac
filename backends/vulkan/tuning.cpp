// SPDX-License-Identifier: Apache-2.0
// The table. One place a device class; what a class does not mention is the default of tuning.h.
#include "backends/vulkan/tuning.h"

#include <algorithm>
#include <charconv>

#include "tensor/check.h"

namespace thaw::vulkan {

std::vector<TuningEntry> tuning_entries() {
  return {
      {"attention_block", &Tuning::attention_block},
      {"attention_tile", &Tuning::attention_tile},
      {"list_chunk", &Tuning::list_chunk},
      {"list_workgroup", &Tuning::list_workgroup},
      {"matmul_cooperative_small_tile", &Tuning::matmul_cooperative_small_tile},
      {"matmul_cooperative_tile", &Tuning::matmul_cooperative_tile},
      {"matmul_cooperative_tile_k", &Tuning::matmul_cooperative_tile_k},
      {"matmul_direct_lanes_n", &Tuning::matmul_direct_lanes_n},
      {"matmul_direct_tile_m", &Tuning::matmul_direct_tile_m},
      {"matmul_direct_tile_n", &Tuning::matmul_direct_tile_n},
      {"matmul_direct_workgroup", &Tuning::matmul_direct_workgroup},
      {"matmul_groups", &Tuning::matmul_groups},
      {"matmul_kernel", &Tuning::matmul_kernel},
      {"matmul_lane_m", &Tuning::matmul_lane_m},
      {"matmul_lane_n", &Tuning::matmul_lane_n},
      {"matmul_shortest_part", &Tuning::matmul_shortest_part},
      {"matmul_small_lane_m", &Tuning::matmul_small_lane_m},
      {"matmul_small_lane_n", &Tuning::matmul_small_lane_n},
      {"matmul_small_tile_k", &Tuning::matmul_small_tile_k},
      {"matmul_small_tile_m", &Tuning::matmul_small_tile_m},
      {"matmul_small_tile_n", &Tuning::matmul_small_tile_n},
      {"matmul_texel_least", &Tuning::matmul_texel_least},
      {"matmul_texel_rows", &Tuning::matmul_texel_rows},
      {"matmul_texel_steps", &Tuning::matmul_texel_steps},
      {"matmul_tile_k", &Tuning::matmul_tile_k},
      {"matmul_tile_m", &Tuning::matmul_tile_m},
      {"matmul_tile_n", &Tuning::matmul_tile_n},
      {"matmul_tiled_least", &Tuning::matmul_tiled_least},
      {"norm_rows_per_block", &Tuning::norm_rows_per_block},
      {"pointwise_per_invocation", &Tuning::pointwise_per_invocation},
      {"pointwise_workgroup", &Tuning::pointwise_workgroup},
      {"reduce_columns", &Tuning::reduce_columns},
      {"reduce_groups", &Tuning::reduce_groups},
      {"reduce_workgroup", &Tuning::reduce_workgroup},
  };
}

namespace {

// The kernel has no guards for tiles that its invocations cannot share evenly.
void check_tiles(const ProductTiles& tiles, const char* which, const Facts& facts) {
  const auto [m, n, k, lane_m, lane_n] = tiles;
  check(lane_m % 4 == 0 && lane_n % 4 == 0 && k % 4 == 0 && m % lane_m == 0 && n % lane_n == 0 &&
            m * k % (4 * tiles.workgroup()) == 0 && n * k % (4 * tiles.workgroup()) == 0,
        "THAW_VULKAN_TUNING: {} {}x{}x{} with lanes of {}x{}: the lanes and k must be multiples of 4, the tiles of the "
        "lanes, and each invocation must read as many quads",
        which, m, n, k, lane_m, lane_n);
  check(tiles.workgroup() <= std::min(facts.max_workgroup, facts.max_workgroup_size[0]) &&
            tiles.shared_bytes() <= facts.shared_memory,
        "THAW_VULKAN_TUNING: {} {}x{}x{} takes {} invocations and {} bytes of shared memory; {} has {} and {}", which,
        m, n, k, tiles.workgroup(), tiles.shared_bytes(), facts.name, facts.max_workgroup, facts.shared_memory);
}

}  // namespace

bool can_fetch_products(const Facts& facts) {
  const uint32_t lanes = facts.subgroup_size;
  return facts.texel_elements > 0 && facts.subgroup_shuffle && facts.min_subgroup_size == lanes &&
         facts.max_subgroup_size == lanes && (lanes == 4 || lanes == 8 || lanes == 16);
}

Tuning tuning_for(const Facts& facts, std::string_view overrides) {
  Tuning tuning;
  // A processor runs a workgroup on one core, a subgroup in one vector register: small groups, no work for idle lanes.
  if (facts.kind == DeviceKind::cpu) {
    tuning.pointwise_workgroup = 64;
    tuning.pointwise_per_invocation = 16;
    tuning.reduce_workgroup = 32;
    tuning.reduce_groups = 16;
    tuning.list_workgroup = 32;
    tuning.matmul_direct_workgroup = tuning.matmul_direct_lanes_n = 8;
    tuning.matmul_direct_tile_m = 8;
    tuning.matmul_groups = 1;
    tuning.matmul_kernel = direct_product;
    if (can_fetch_products(facts)) tuning.matmul_texel_least = 32768;
  }
  // Intel's registers hold no 64 sums an invocation; its matrix units want subgroups other than its usual ones.
  const bool intel = facts.vendor == 0x8086;
  if (intel && tuning.matmul_kernel > tiled_product) tuning.matmul_kernel = tiled_product;
  if (facts.kind == DeviceKind::discrete) {
    // A step of BERT-base (f32, 16 texts of 128 tokens) on an H200: 42 ms with 512, 46 with 256, 48 with 128. Other
    // tiles and blocks of attention than those here were slower or the same there.
    tuning.matmul_groups = 512;
    if (!intel && facts.shared_memory >= 32768 && facts.max_workgroup >= 256) {
      tuning.matmul_tile_m = tuning.matmul_tile_n = 128;
      tuning.matmul_lane_m = tuning.matmul_lane_n = 8;
      tuning.matmul_small_tile_m = tuning.matmul_small_tile_n = 64;
      tuning.matmul_small_lane_m = 8;
    }
  }
  while (!overrides.empty()) {
    const size_t comma = overrides.find(',');
    const std::string_view item = overrides.substr(0, comma);
    overrides = comma == std::string_view::npos ? std::string_view() : overrides.substr(comma + 1);
    const size_t equals = item.find('=');
    const std::string_view name = item.substr(0, equals),
                           text = equals == std::string_view::npos ? "" : item.substr(equals + 1);
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    check(error == std::errc() && end == text.data() + text.size() && value > 0,
          "THAW_VULKAN_TUNING: '{}' is not NAME=NUMBER", item);
    bool known = false;
    for (const TuningEntry& entry : tuning_entries()) {
      if (entry.name != name) continue;
      tuning.*entry.value = value;
      known = true;
    }
    check(known, "THAW_VULKAN_TUNING: there is no '{}'; there are: {}", name, to_string(Tuning()));
  }
  check_tiles(tuning.large_tiles(), "matmul_tile", facts);
  check_tiles(tuning.small_tiles(), "matmul_small_tile", facts);
  return tuning;
}

std::string to_string(const Tuning& tuning) {
  std::string text;
  for (const TuningEntry& entry : tuning_entries())
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", entry.name, tuning.*entry.value);
  return text;
}

}  // namespace thaw::vulkan
