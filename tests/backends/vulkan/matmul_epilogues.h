// SPDX-License-Identifier: Apache-2.0
// Products with every epilogue, for the tests of the choice of kernels and of each kernel.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "tests/backends/vulkan/compare.h"

namespace thaw::test {

// Bias, scale, kept pre-activation and each activation; then products added to what stands, in a whole tensor and in a
// slice.
inline std::vector<Tensor> product_epilogues(Device device, int64_t m, int64_t n, int64_t k,
                                             std::initializer_list<UnaryOp> activations) {
  const Tensor a = normal(1, {m, k}, device), b = normal(2, {n, k}, device).transpose(), bias = normal(3, {n}, device);
  const Tensor every_other = normal(4, {2 * n}, device).reshape({n, 2}).slice(1, 0, 1).squeeze(1);
  std::vector<Tensor> results;
  for (const UnaryOp op : activations) {
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

}  // namespace thaw::test
