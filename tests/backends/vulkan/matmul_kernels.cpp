// SPDX-License-Identifier: Apache-2.0
// Every kernel of Vulkan's matrix products, whichever the device would choose: a backend for each set of numbers of the
// tuning table.
#include <doctest/doctest.h>

#include "tests/backends/vulkan/compare.h"
#include "tests/backends/vulkan/device.h"

namespace thaw::test {
namespace {

// A backend made with numbers of the tuning table.
struct TunedBackend {
  explicit TunedBackend(const std::string& numbers) : tuning("THAW_VULKAN_TUNING", numbers), backend("") {}

  Device device() { return Device(backend); }
  // Launches that one product takes.
  uint64_t launches(const Tensor& a, const Tensor& b) {
    const uint64_t before = backend.stream().counters().dispatches;
    const Tensor product = matmul(a, b);
    return backend.stream().counters().dispatches - before;
  }

  Environment tuning;
  vulkan::VulkanBackend backend;
};

std::vector<Tensor> layouts(Device device, int64_t m, int64_t n, int64_t k, DType dtype = DType::f32) {
  const Tensor a = normal(1, {m, k}, device, dtype), b = normal(2, {k, n}, device, dtype);
  const Tensor at = normal(3, {k, m}, device, dtype).transpose(), bt = normal(4, {n, k}, device, dtype).transpose();
  return {matmul(a, b), matmul(a, bt), matmul(at, b), matmul(at, bt)};
}

std::vector<Tensor> batches(Device device, int64_t m, int64_t n, int64_t k) {
  const Tensor a = normal(1, {2, 3, m, k}, device), b = normal(2, {2, 3, k, n}, device);
  const Tensor shared = normal(3, {k, n}, device), outer = normal(4, {2, 1, k, n}, device);
  const Tensor heads = normal(5, {m, 3, 2, k}, device).permute({2, 1, 0, 3});
  return {matmul(a, b), matmul(a, shared), matmul(a, outer), matmul(heads, b), matmul(heads, heads.transpose())};
}

std::vector<Tensor> epilogues(Device device, int64_t m, int64_t n, int64_t k) {
  const Tensor a = normal(1, {m, k}, device), b = normal(2, {n, k}, device).transpose(), bias = normal(3, {n}, device);
  const Tensor every_other = normal(4, {2 * n}, device).reshape({n, 2}).slice(1, 0, 1).squeeze(1);
  std::vector<Tensor> results;
  for (const UnaryOp op : {UnaryOp::identity, UnaryOp::gelu, UnaryOp::tanh, UnaryOp::relu}) {
    Tensor before;
    results.push_back(matmul(a, b, {0.25, bias, op, &before, false}));
    results.push_back(before);
    results.push_back(matmul(a, b, {1, every_other, op, nullptr, true}));
  }
  const Tensor total = normal(5, {m, n}, device);
  matmul_add_(total, a, b, -0.5);
  const Tensor wide = normal(6, {m, n + 5}, device), part = wide.slice(1, 2, 2 + n);
  matmul_add_(part, a, b);
  results.push_back(total);
  results.push_back(wide);
  return results;
}

}  // namespace

TEST_CASE("vulkan matmul kernels: K in parts") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned("matmul_groups=64,matmul_shortest_part=32");
  const Device device = tuned.device();
  const Tensor longer = normal(1, {64, 3}, device), shorter = normal(2, {63, 3}, device);
  CHECK(tuned.launches(longer.transpose(), longer) == 2);
  CHECK(tuned.launches(shorter.transpose(), shorter) == 1);
  check_against_reference(device, [](Device on) { return layouts(on, 3, 17, 257); });
  check_against_reference(device, [](Device on) { return batches(on, 3, 5, 131); });
  check_against_reference(device, [](Device on) { return epilogues(on, 17, 5, 100); });
}

}  // namespace thaw::test
