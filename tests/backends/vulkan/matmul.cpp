// SPDX-License-Identifier: Apache-2.0
// Vulkan's matrix products against the reference backend.
#include <doctest/doctest.h>

#include "tests/backends/vulkan/compare.h"
#include "tests/backends/vulkan/matmul_epilogues.h"

namespace thaw::test {
namespace {

struct Sizes {
  int64_t m, n, k;
};
constexpr Sizes all_sizes[] = {{1, 1, 1},     {3, 5, 7},      {17, 1, 33},   {1, 300, 64},  {64, 64, 64},  {65, 63, 31},
                               {128, 96, 40}, {33, 257, 129}, {100, 2, 768}, {2, 48, 1000}, {40, 36, 4099}};

}  // namespace

TEST_CASE("vulkan matmul: sizes, all layouts") {
  for (const Sizes& sizes : all_sizes) {
    const int64_t m = sizes.m, n = sizes.n, k = sizes.k;
    CAPTURE(m);
    CAPTURE(n);
    CAPTURE(k);
    check_against_reference([&](Device device) {
      const Tensor a = normal(1, {m, k}, device), b = normal(2, {k, n}, device);
      const Tensor at = normal(3, {k, m}, device).transpose(), bt = normal(4, {n, k}, device).transpose();
      return std::vector<Tensor>{matmul(a, b), matmul(a, bt), matmul(at, b), matmul(at, bt)};
    });
  }
}

TEST_CASE("vulkan matmul: strides and offsets of any kind") {
  check_against_reference([](Device device) {
    const Tensor a = scattered(1, {33, 20}, device), b = scattered(2, {20, 37}, device);
    const Tensor column = normal(3, {20, 1}, device).expand({20, 37}),
                 row = normal(4, {1, 37}, device).expand({20, 37});
    return std::vector<Tensor>{matmul(a, b), matmul(a, column), matmul(a, row), matmul(b.transpose(), a.transpose())};
  });
}

TEST_CASE("vulkan matmul: batches") {
  check_against_reference([](Device device) {
    const Tensor a = normal(1, {3, 2, 5, 9, 16}, device), b = normal(2, {3, 2, 5, 16, 12}, device);
    const Tensor shared = normal(3, {16, 12}, device), inner = normal(4, {5, 16, 12}, device),
                 outer = normal(5, {3, 1, 1, 16, 12}, device);
    const Tensor heads = normal(6, {9, 5, 2, 16}, device).permute({2, 1, 0, 3});  // [2, 5, 9, 16]
    const Tensor single = normal(7, {4, 1, 16}, device);
    return std::vector<Tensor>{matmul(a, b),           matmul(a, shared),
                               matmul(a, inner),       matmul(a, outer),
                               matmul(heads, inner),   matmul(heads, heads.transpose()),
                               matmul(single, shared), matmul(outer.transpose(), a.transpose())};
  });
}

TEST_CASE("vulkan matmul: epilogues") {
  const auto compute = [](Device device, int64_t m, int64_t n, int64_t k) {
    return product_epilogues(device, m, n, k, {UnaryOp::identity, UnaryOp::gelu, UnaryOp::tanh, UnaryOp::relu});
  };
  check_against_reference([&](Device device) { return compute(device, 20, 24, 32); });
  check_against_reference([&](Device device) { return compute(device, 19, 23, 37); });
  check_against_reference([&](Device device) { return compute(device, 24, 28, 3000); });
}

TEST_CASE("vulkan matmul: bf16 and f16 inputs") {
  if (!vulkan_device().defined() || !vulkan_device().backend().supports(DType::bf16)) return;
  for (const DType dtype : {DType::bf16, DType::f16})
    check_against_reference([&](Device device) {
      const Tensor a = normal(1, {37, 64}, device, dtype), b = normal(2, {64, 40}, device, dtype);
      const Tensor bt = normal(3, {40, 64}, device, dtype).transpose(),
                   odd = normal(4, {37, 65}, device, dtype).slice(1, 1, 65);
      return std::vector<Tensor>{matmul(a, b), matmul(a, bt), matmul(odd, b),
                                 matmul(normal(5, {64, 37}, device, dtype).transpose(), b)};
    });
}

TEST_CASE("vulkan matmul: nothing to multiply") {
  check_against_reference([](Device device) {
    const Tensor bias = normal(1, {3}, device);
    return std::vector<Tensor>{
        matmul(Tensor::zeros({2, 0}, DType::f32, device), Tensor::zeros({0, 3}, DType::f32, device),
               {1, bias, {}, nullptr, false}),
        matmul(Tensor::zeros({0, 4}, DType::f32, device), Tensor::zeros({4, 3}, DType::f32, device))};
  });
}

TEST_CASE("vulkan matmul: more tiles than one axis of a grid has") {
  check_against_reference([](Device device) {
    const Tensor a = normal(1, {70000 * 9, 1}, device), b = normal(2, {1, 3}, device);
    const Tensor many = normal(3, {70000, 2, 2}, device);
    return std::vector<Tensor>{matmul(a, b), matmul(many, many)};
  });
}

}  // namespace thaw::test
