// SPDX-License-Identifier: Apache-2.0
// Matrix products: which kernel.
#include "backends/vulkan/matmul_kernels.h"

namespace thaw::vulkan {
namespace {

void product(VulkanBackend& backend, const MatmulArgs& args, const MatmulPush& push) {
  if (matmul_cooperative(backend, args, push)) return;
  if (matmul_tiled(backend, args, push)) return;
  if (matmul_texel(backend, args, push)) return;
  matmul_direct(backend, args, push);
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
  for (const MatmulPush& push : matmul_products(args)) product(*this, args, push);
}

}  // namespace thaw::vulkan
