// SPDX-License-Identifier: Apache-2.0
// What a Vulkan device gives at best: multiply-adds in registers, and bytes copied, by its own command or a kernel.
#include <algorithm>

#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/ops.h"
#include "tensor/tensor.h"
#include "tests/benchmarks/benchmark.h"

namespace thaw::benchmarks {
namespace {

constexpr uint32_t words[] = {
#include "tests/benchmarks/multiply_add.spv.inc"
};
const vulkan::Shader multiply_add{"multiply_add", words};

}  // namespace

Limits vulkan_limits(Device device) {
  auto& backend = dynamic_cast<vulkan::VulkanBackend&>(device.backend());
  const uint32_t groups = 4096, workgroup = std::min(128u, backend.facts().max_workgroup);
  const Tensor out = Tensor::zeros({groups}, DType::f32, device);
  struct Push {
    uint64_t out;
    float a, b;
    uint32_t rounds;
  } push{out.view().block->handle, 1.0000001f, 1e-9f, 64};
  const double arithmetic = seconds(device, [&] {
    backend.stream().dispatch({.shader = multiply_add,
                               .constants = {workgroup},
                               .push = vulkan::bytes_of(push),
                               .groups = {groups, 1, 1},
                               .writes = {out.view().block},
                               .label = {"multiply_add"}});
  });
  // Beyond all caches, on devices that are fast enough for it.
  const int64_t count = int64_t{backend.facts().kind == vulkan::DeviceKind::discrete ? 128 : 16} << 20;
  const Tensor from = Tensor::zeros({count}, DType::f32, device), to = Tensor::zeros({count}, DType::f32, device);
  const double copying =
      std::min(seconds(device, [&] { to.copy_from(from); }), seconds(device, [&] { affine(from, 1, 1); }));
  return {static_cast<double>(groups) * workgroup * push.rounds * 12 * 16 * 2 / arithmetic / 1e9,
          static_cast<double>(count) * sizeof(float) * 2 / copying / 1e9};
}

}  // namespace thaw::benchmarks
