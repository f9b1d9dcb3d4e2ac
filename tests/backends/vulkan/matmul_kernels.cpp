// SPDX-License-Identifier: Apache-2.0
// Every kernel of Vulkan's matrix products, whichever the device would choose: a backend for each set of numbers of the
// tuning table.
#include <doctest/doctest.h>

#include "backends/vulkan/facts.h"
#include "backends/vulkan/shaders.h"
#include "tests/backends/vulkan/compare.h"
#include "tests/backends/vulkan/device.h"
#include "tests/backends/vulkan/matmul_epilogues.h"

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

struct Sizes {
  int64_t m, n, k;
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
  return {matmul(a, b), matmul(a, shared), matmul(heads, outer)};
}

std::vector<Tensor> epilogues(Device device, int64_t m, int64_t n, int64_t k) {
  return product_epilogues(device, m, n, k, {UnaryOp::identity, UnaryOp::gelu});
}

}  // namespace

TEST_CASE("vulkan matmul kernels: from memory into registers") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned("matmul_kernel=1,matmul_texel_least=4294967295");
  check_against_reference(tuned.device(), [](Device on) { return layouts(on, 33, 257, 129); });
  check_against_reference(tuned.device(), [](Device on) { return epilogues(on, 40, 36, 52); });
}

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

// Small tiles, which a software driver compiles faster.
const std::string tiled =
    "matmul_kernel=2,matmul_tiled_least=1,matmul_small_tile_m=16,matmul_small_tile_n=16,matmul_small_tile_k=4,"
    "matmul_small_lane_m=4,matmul_small_lane_n=4,";

TEST_CASE("vulkan matmul kernels: tiles in shared memory") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned(tiled + "matmul_shortest_part=100000");
  const Device device = tuned.device();
  for (const auto& sizes : {Sizes{1, 1, 1}, {3, 17, 5}, {17, 3, 65}, {65, 257, 31}, {20, 36, 52}}) {
    const int64_t m = sizes.m, n = sizes.n, k = sizes.k;
    CAPTURE(m);
    CAPTURE(n);
    CAPTURE(k);
    check_against_reference(device, [&](Device on) { return layouts(on, m, n, k); });
  }
  check_against_reference(device, [](Device on) { return batches(on, 9, 20, 50); });
  check_against_reference(device, [](Device on) { return epilogues(on, 19, 36, 52); });
  check_against_reference(device, [](Device on) {
    const Tensor a = scattered(1, {33, 44}, on), b = scattered(2, {44, 20}, on);
    const Tensor row = normal(3, {1, 20}, on).expand({44, 20});
    return std::vector<Tensor>{matmul(a, b), matmul(a, row)};
  });
  if (!tuned.backend.supports(DType::bf16)) return;
  for (const auto& [dtype, n] : {std::pair{DType::bf16, 36}, {DType::f16, 36}, {DType::f16, 35}})
    check_against_reference(device, [dtype = dtype, n = n](Device on) {
      const Tensor a = normal(1, {20, n}, on, dtype), b = normal(2, {n, 12}, on, dtype);
      return std::vector<Tensor>{matmul(a, b), matmul(b.transpose(), a.transpose())};
    });
}

TEST_CASE("vulkan matmul kernels: tiles in shared memory, K in parts") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned(tiled + "matmul_groups=64,matmul_shortest_part=20");
  const Device device = tuned.device();
  const Tensor x = normal(1, {90, 20}, device);
  CHECK(tuned.launches(x.transpose(), x) == 2);
  check_against_reference(device, [](Device on) { return batches(on, 9, 20, 50); });
  check_against_reference(device, [](Device on) { return epilogues(on, 19, 23, 52); });
}

TEST_CASE("vulkan matmul kernels: tiles of two sizes") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned(tiled + "matmul_tile_m=32,matmul_tile_n=64,matmul_tile_k=8,matmul_lane_m=4,matmul_lane_n=8," +
                     "matmul_groups=4");
  check_against_reference(tuned.device(), [](Device on) {
    const Tensor small = normal(1, {33, 30}, on), large = normal(2, {30, 520}, on);
    return std::vector<Tensor>{matmul(small, large), matmul(small, small.transpose())};
  });
}

// What a large GPU gets by the table.
TEST_CASE("vulkan matmul kernels: the tiles of a large GPU") {
  SKIP_WITHOUT_VULKAN();
  vulkan::Facts facts = vulkan::VulkanBackend("").facts();
  if (facts.max_workgroup < 256 || facts.shared_memory < 32768) return;
  facts.kind = vulkan::DeviceKind::discrete;
  const vulkan::Tuning large = vulkan::tuning_for(facts, "");
  std::string numbers = "matmul_kernel=2,matmul_groups=4";
  for (const vulkan::TuningEntry& entry : vulkan::tuning_entries())
    if (entry.name.find("_tile_") != std::string_view::npos || entry.name.find("_lane_") != std::string_view::npos)
      numbers += "," + std::string(entry.name) + "=" + std::to_string(large.*entry.value);
  TunedBackend tuned(numbers);
  check_against_reference(tuned.device(), [](Device on) {
    const Tensor a = normal(1, {250, 20}, on), b = normal(2, {20, 250}, on), c = normal(3, {250, 65}, on);
    return std::vector<Tensor>{matmul(a, b), matmul(b, c)};
  });
}

TEST_CASE("vulkan matmul kernels: texel buffers") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned("matmul_texel_least=1");
  const Device device = tuned.device();
  for (const int64_t size : {1, 3, 17, 257}) {
    CAPTURE(size);
    check_against_reference(device, [&](Device on) { return layouts(on, size, 20, 24); });
    check_against_reference(device, [&](Device on) { return layouts(on, 20, size, 24); });
    check_against_reference(device, [&](Device on) { return layouts(on, 24, 20, size); });
    check_against_reference(device, [&](Device on) { return layouts(on, size, size, size); });
  }
  check_against_reference(device, [](Device on) { return layouts(on, 128, 160, 96); });
  check_against_reference(device, [](Device on) { return batches(on, 20, 36, 16); });
  check_against_reference(device, [](Device on) { return batches(on, 7, 5, 13); });
  check_against_reference(device, [](Device on) { return epilogues(on, 20, 24, 32); });
  check_against_reference(device, [](Device on) { return epilogues(on, 19, 23, 37); });
  check_against_reference(device, [](Device on) {
    const Tensor a = scattered(1, {33, 20}, on), b = scattered(2, {20, 37}, on);
    const Tensor column = normal(3, {20, 1}, on).expand({20, 37}), row = normal(4, {1, 37}, on).expand({20, 37});
    return std::vector<Tensor>{matmul(a, b), matmul(a, column), matmul(a, row), matmul(b.transpose(), a.transpose())};
  });
  if (!tuned.backend.supports(DType::bf16)) return;
  for (const DType dtype : {DType::bf16, DType::f16}) {
    check_against_reference(device, [dtype](Device on) { return layouts(on, 20, 24, 36, dtype); });
    check_against_reference(device, [dtype](Device on) { return layouts(on, 17, 3, 35, dtype); });
    check_against_reference(device, [dtype](Device on) {
      const Tensor numbers = normal(1, {1000}, on, dtype);
      const Tensor a = numbers.slice(0, 131, 131 + 320).reshape({16, 20}),
                   b = numbers.slice(0, 4, 324).reshape({20, 16});
      const Tensor total = normal(2, {16, 16}, on);
      matmul_add_(total, a, b);
      return std::vector<Tensor>{total, matmul(b, a)};
    });
  }
}

TEST_CASE("vulkan matmul kernels: texel buffers that begin anywhere in a block") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned("matmul_texel_least=1");
  check_against_reference(tuned.device(), [](Device on) {
    const Tensor numbers = normal(1, {6000}, on);
    std::vector<Tensor> results;
    for (const int64_t offset : {1, 4, 63, 64, 67, 1001}) {
      const Tensor a = numbers.slice(0, offset, offset + 20 * 24).reshape({20, 24});
      const Tensor b = numbers.slice(0, 4 * offset, 4 * offset + 24 * 28).reshape({24, 28});
      const Tensor total = normal(2, {offset + 20 * 28}, on);
      matmul_add_(total.slice(0, offset, offset + 20 * 28).reshape({20, 28}), a, b);
      results.push_back(total);
      results.push_back(matmul(b.transpose(), a.transpose()));
    }
    return results;
  });
}

TEST_CASE("vulkan matmul kernels: texel buffers and K in parts") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned("matmul_texel_least=1,matmul_groups=64,matmul_shortest_part=32");
  const Device device = tuned.device();
  check_against_reference(device, [](Device on) { return layouts(on, 3, 17, 257); });
  check_against_reference(device, [](Device on) { return layouts(on, 20, 24, 260); });
  check_against_reference(device, [](Device on) { return batches(on, 3, 5, 131); });
  check_against_reference(device, [](Device on) { return epilogues(on, 17, 5, 100); });
}

TEST_CASE("vulkan matmul kernels: matrices given back while a product that fetches them is queued") {
  SKIP_WITHOUT_VULKAN();
  TunedBackend tuned("matmul_texel_least=1");
  std::vector<Tensor> products;
  for (int i = 0; i < 300; ++i) {
    const Tensor a = Tensor::full({16, 32}, static_cast<float>(i), DType::f32, tuned.device());
    const Tensor b = Tensor::full({32, 16}, 0.5f, DType::f32, tuned.device());
    products.push_back(matmul(a, b).slice(0, 15, 16));
  }
  for (int i = 0; i < 300; ++i)
    CHECK(products[static_cast<size_t>(i)].to_host<float>() == std::vector<float>(16, 16.0f * static_cast<float>(i)));
}

TEST_CASE("vulkan matmul kernels: matrix units") {
  SKIP_WITHOUT_VULKAN();
  if (!vulkan::shaders::matmul_cooperative || vulkan::VulkanBackend("").facts().cooperative.empty()) {
    MESSAGE("skipped: the device, or the glslc of this build, knows no cooperative matrices");
    return;
  }
  for (const char* parts : {"", ",matmul_groups=64,matmul_shortest_part=32"}) {
    TunedBackend tuned(std::string("matmul_kernel=3,matmul_tiled_least=1") + parts);
    check_against_reference(tuned.device(), [](Device on) {
      std::vector<Tensor> results;
      for (const auto& [m, n, k] : {Sizes{1, 1, 1}, {3, 17, 5}, {65, 33, 100}, {64, 260, 72}}) {
        const Tensor a = normal(1, {m, k}, on, DType::f16), b = normal(2, {k, n}, on, DType::f16);
        const Tensor bias = normal(3, {n}, on);
        Tensor before;
        const Tensor product = matmul(a, b);
        matmul_add_(product, a, b, -2);
        results.push_back(product);
        results.push_back(matmul(b.transpose(), a.transpose()));
        results.push_back(matmul(a, b, {0.5, bias, UnaryOp::gelu, &before, false}));
        results.push_back(before);
      }
      const Tensor many = normal(4, {3, 20, 24}, on, DType::f16);
      results.push_back(matmul(many, many.transpose()));
      return results;
    });
  }
}

}  // namespace thaw::test
