// SPDX-License-Identifier: Apache-2.0
// Matrix products: which kernel, in what tiles.
#include <algorithm>

#include "backends/vulkan/matmul_plan.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

// Specialisation constants 1-6 of the product kernels (shaders/matmul.glsl).
std::vector<uint32_t> epilogue_constants(const MatmulArgs& args) {
  return {args.bias != nullptr,
          args.pre_activation != nullptr,
          args.accumulate,
          static_cast<uint32_t>(args.activation),
          false,
          args.a.dtype == DType::bf16};
}

void direct(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push) {
  const Tuning& tuning = backend.tuning();
  const uint32_t workgroup = tuning.matmul_direct_workgroup, lanes_n = tuning.matmul_direct_lanes_n;
  const uint32_t tile_m = tuning.matmul_direct_tile_m, tile_n = tuning.matmul_direct_tile_n;
  std::vector<uint32_t> constants{workgroup};
  for (uint32_t constant : epilogue_constants(args)) constants.push_back(constant);
  for (uint32_t constant : {lanes_n, tile_m, tile_n}) constants.push_back(constant);
  const uint64_t tiles =
      uint64_t{ceil_divide(push.m, workgroup / lanes_n * tile_m)} * ceil_divide(push.n, lanes_n * tile_n);
  const bool half = size_of(args.a.dtype) == 2;
  backend.stream().dispatch(
      {.shader = half ? shaders::matmul_direct_halves : shaders::matmul_direct,
       .constants = constants,
       .push = bytes_of(push),
       .groups = groups_over(tiles * push.batches),
       .reads = {args.a.block, args.b.block, block_of(args.bias), args.accumulate ? args.out.block : nullptr},
       .writes = {args.out.block, block_of(args.pre_activation)},
       .label = {"matmul", {push.m, push.n, push.k}}});
}

}  // namespace

void VulkanBackend::matmul(const MatmulArgs& args) {
  if (args.out.numel() == 0) return;
  // The kernels write both results in one layout.
  if (args.pre_activation && !(args.pre_activation->strides == args.out.strides)) {
    MatmulArgs linear = args;
    linear.out = *args.pre_activation;
    linear.pre_activation = nullptr;
    linear.activation = UnaryOp::identity;
    matmul(linear);
    unary(args.activation, args.out, *args.pre_activation, {});
    return;
  }
  for (const MatmulPush& push : matmul_products(args)) direct(*this, args, push);
}

}  // namespace thaw::vulkan
