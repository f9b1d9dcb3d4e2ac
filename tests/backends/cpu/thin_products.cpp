// SPDX-License-Identifier: Apache-2.0
// Products a^T b with few columns against the reference: sizes on both sides of the limits, lines with gaps, scale and
// sum.
#include "backends/cpu/gemm.h"
#include "tests/backends/cpu/both_devices.h"

using namespace thaw;
using test::check_both;
using test::random_tensor;

namespace {

std::vector<Tensor> products(Device device) {
  std::vector<Tensor> all;
  for (const int64_t n : {2, 3, 8, 16, 31, 32, 33})
    for (const int64_t m : {4 * n - 1, 4 * n, 517 + n})
      for (const int64_t k : {1, 9, 130}) {
        const Tensor a = random_tensor({k, m + 5}, device, 1).slice(1, 2, m + 2), b = random_tensor({k, n}, device, 2),
                     wide = random_tensor({k, 2 * n}, device, 3).slice(1, n, 2 * n);
        all.push_back(matmul(a.transpose(), b));
        all.push_back(matmul(a.transpose(), wide, {.scale = -0.25}));
        const Tensor sum = random_tensor({m, n}, device, 4), rows = Tensor::full({m, n + 3}, 7, DType::f32, device);
        matmul_add_(sum, a.transpose(), b, 1.5);
        matmul_add_(rows.slice(1, 1, n + 1), a.transpose(), wide);
        all.push_back(sum);
        all.push_back(rows);
      }
  return all;
}

}  // namespace

TEST_CASE("cpu: products a^T b with few columns") { check_both("thin products", products); }

TEST_CASE("cpu: which products a^T b are made as b^T a") {
  cpu::Gemm gemm;
  gemm.m = 64, gemm.n = 8, gemm.k = 100;
  gemm.a = {nullptr, 1, 64, 0, DType::f32};
  gemm.b = {nullptr, 8, 1, 0, DType::f32};
  CHECK(cpu::is_thin(gemm));
  const auto with = [&](auto change) {
    cpu::Gemm other = gemm;
    change(other);
    return cpu::is_thin(other);
  };
  const float bias = 0;
  CHECK(!with([](cpu::Gemm& g) { g.m = 31; }));
  CHECK(!with([](cpu::Gemm& g) { g.n = 1; }));
  CHECK(!with([](cpu::Gemm& g) { g.m = 4096, g.n = 33; }));
  CHECK(!with([](cpu::Gemm& g) { g.batch = 2; }));
  CHECK(!with([](cpu::Gemm& g) { g.a = {nullptr, 100, 1, 0, DType::f32}; }));
  CHECK(!with([](cpu::Gemm& g) { g.b = {nullptr, 1, 100, 0, DType::f32}; }));
  CHECK(!with([](cpu::Gemm& g) { g.a.dtype = g.b.dtype = DType::bf16; }));
  CHECK(!with([&](cpu::Gemm& g) { g.bias = &bias; }));
}
