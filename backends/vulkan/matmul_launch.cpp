// SPDX-License-Identifier: Apache-2.0
// Recording a product: in one launch, or in two with K split.
#include "backends/vulkan/matmul_kernels.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"

namespace thaw::vulkan {
namespace {

// Specialisation constants 0-6 (shaders/matmul.glsl). Partial sums are kept as they are.
std::vector<uint32_t> common_constants(const MatmulArgs& args, uint32_t workgroup, bool partial) {
  return {workgroup,
          !partial && args.bias,
          !partial && args.pre_activation,
          !partial && args.accumulate,
          static_cast<uint32_t>(partial ? UnaryOp::identity : args.activation),
          partial,
          args.a.dtype == DType::bf16};
}

std::vector<uint32_t> all_constants(const MatmulArgs& args, const ProductLaunch& launch, bool partial) {
  std::vector<uint32_t> constants = common_constants(args, launch.workgroup, partial);
  constants.insert(constants.end(), launch.constants.begin(), launch.constants.end());
  return constants;
}

void whole(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push, const ProductLaunch& launch) {
  backend.stream().dispatch(
      {.shader = launch.shader,
       .constants = all_constants(args, launch, false),
       .push = bytes_of(push),
       .groups = groups_over(launch.tiles * push.batches),
       .reads = {args.a.block, args.b.block, block_of(args.bias), args.accumulate ? args.out.block : nullptr},
       .writes = {args.out.block, block_of(args.pre_activation)},
       .label = {"matmul", {push.m, push.n, push.k}},
       .texels = launch.texels,
       .subgroup_size = launch.subgroup_size});
}

void in_parts(VulkanBackend& backend, const MatmulArgs& args, MatmulPush push, const ProductLaunch& launch,
              uint32_t k_part) {
  const uint64_t parts = ceil_divide(push.k, k_part), elements = uint64_t{push.batches} * push.m * push.n;
  const ScratchBlock sums = backend.scratch(parts * elements * sizeof(float));
  push.k_part = k_part;
  MatmulPush partial = push;
  partial.target = sums.address();
  partial.target_row = push.n;
  partial.scale = 1;
  std::vector<Texels> texels = launch.texels;
  if (!texels.empty())
    texels.back() = {texels.front().block, texels.front().offset};  // parts do not look at the target
  backend.stream().dispatch({.shader = launch.shader,
                             .constants = all_constants(args, launch, true),
                             .push = bytes_of(partial),
                             .groups = groups_over(launch.tiles * push.batches * parts),
                             .reads = {args.a.block, args.b.block},
                             .writes = {sums.block()},
                             .label = {"matmul parts", {push.m, push.n, push.k}},
                             .texels = texels,
                             .subgroup_size = launch.subgroup_size});
  push.a = sums.address();
  const uint32_t workgroup = 64;
  backend.stream().dispatch({.shader = shaders::matmul_sum,
                             .constants = common_constants(args, workgroup, false),
                             .push = bytes_of(push),
                             .groups = groups_over(ceil_divide(elements, workgroup)),
                             .reads = {sums.block(), block_of(args.bias), args.accumulate ? args.out.block : nullptr},
                             .writes = {args.out.block, block_of(args.pre_activation)},
                             .label = {"matmul sum", {push.m, push.n, static_cast<int64_t>(parts)}}});
}

}  // namespace

void launch_product(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push,
                    const ProductLaunch& launch) {
  const uint32_t k_part = k_of_part(launch.tiles * push.batches, push.k, launch.k_step, backend.tuning());
  if (k_part < push.k)
    in_parts(backend, args, push, launch, k_part);
  else
    whole(backend, args, push, launch);
}

}  // namespace thaw::vulkan
