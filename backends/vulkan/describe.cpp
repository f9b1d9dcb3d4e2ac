// SPDX-License-Identifier: Apache-2.0
// "NAME (DRIVER), discrete GPU, 21.5 GB; f32, bf16, f16, i32, u8"; and, a line each, "subgroups of 32-64, 64 KiB
// shared, ...", "products: ...", "numbers: ...".
#include "backends/vulkan/describe.h"

#include <fmt/format.h>

#include "backends/vulkan/matmul_plan.h"
#include "backends/vulkan/shaders.h"

namespace thaw::vulkan {
namespace {

const char* name_of(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::integrated: return "integrated GPU";
    case DeviceKind::discrete: return "discrete GPU";
    case DeviceKind::virtual_gpu: return "virtual GPU";
    case DeviceKind::cpu: return "software on the processor";
    case DeviceKind::other: return "of another kind";
  }
  return "?";
}

// "cooperative 16x16x16 (f16), tiled (128x128x8, 64x64x8), direct"
std::string product_kernels(const Facts& facts, const Tuning& tuning) {
  if (tuning.matmul_kernel < tiled_product) return tuning.matmul_texel_least < UINT32_MAX ? "texel, direct" : "direct";
  const ProductTiles large = tuning.large_tiles(), small = tuning.small_tiles();
  const auto cooperative = cooperative_tiles(facts, facts.subgroup_size, tuning.matmul_cooperative_small_tile, tuning);
  std::string text;
  if (tuning.matmul_kernel >= cooperative_product && shaders::matmul_cooperative && cooperative)
    text = fmt::format("cooperative {}x{}x{} (f16), ", cooperative->matrix.m, cooperative->matrix.n,
                       cooperative->matrix.k);
  return text + fmt::format("tiled ({}x{}x{}, {}x{}x{}), direct", large.m, large.n, large.k, small.m, small.n, small.k);
}

}  // namespace

std::string describe(const Facts& facts, const Tuning& tuning) {
  std::string text = fmt::format("{} ({}), {}, {:.1f} GB; f32,{} i32{}\n", facts.name, facts.driver,
                                 name_of(facts.kind), static_cast<double>(facts.memory) / 1e9,
                                 facts.storage_16bit ? " bf16, f16," : "", facts.storage_8bit ? ", u8" : "");
  text += facts.min_subgroup_size == facts.max_subgroup_size
              ? fmt::format("subgroups of {}", facts.subgroup_size)
              : fmt::format("subgroups of {}-{}", facts.min_subgroup_size, facts.max_subgroup_size);
  text += fmt::format(", {} KiB shared", facts.shared_memory / 1024);
  if (facts.host_visible) text += ", host-visible";
  if (!facts.keeps_nan) text += ", NaN may be lost";
  for (const CooperativeMatrix& matrix : facts.cooperative)
    text += fmt::format(", matrix {}x{}x{}", matrix.m, matrix.n, matrix.k);
  return fmt::format("{}\nproducts: {}\nnumbers: {}", text, product_kernels(facts, tuning), to_string(tuning));
}

}  // namespace thaw::vulkan
