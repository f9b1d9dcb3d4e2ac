// SPDX-License-Identifier: Apache-2.0
// Products with few columns: against the reference on both sides of the limits, with any instruction set, the same bits
// with any number of threads; nothing else is read or written, and frozen weights are not packed for them.
#include <cstring>

#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_check.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/threads.h"
#include "backends/shared/matmul_layout.h"
#include "tests/backends/cpu/both_devices.h"

using namespace thaw;
using test::check_both;
using test::random_tensor;

namespace {

struct Size {
  int64_t m, k, n;
};

// With each epilogue, and added to what is there.
void add_products(std::vector<Tensor>& all, const Tensor& a, const Tensor& b) {
  const int64_t m = a.size(0), n = b.size(1);
  const Device device = a.device();
  all.push_back(matmul(a, b));
  all.push_back(matmul(a, b, {.scale = -0.25, .constant_b = true}));
  all.push_back(matmul(a, b, {.bias = random_tensor({n}, device, 3)}));
  all.push_back(matmul(a, b, {.bias = random_tensor({n}, device, 3), .activation = UnaryOp::gelu}));
  const Tensor sum = random_tensor({m, n}, device, 4), rows = Tensor::full({m, n + 3}, 7, DType::f32, device);
  matmul_add_(sum, a, b, 1.5);
  matmul_add_(rows.slice(1, 1, n + 1), a, b);
  all.push_back(sum);
  all.push_back(rows);
}

std::vector<Tensor> turned_products(Device device) {
  std::vector<Tensor> all;
  for (const int64_t n : {2, 3, 8, 31, 32, 33})
    for (const int64_t m : {4 * n - 1, 4 * n, 517 + n})
      for (const int64_t k : {1, 9, 130}) {
        const Tensor a = random_tensor({k, m + 5}, device, 1).slice(1, 2, m + 2).transpose();
        add_products(all, a, random_tensor({k, n}, device, 2));
        add_products(all, a, random_tensor({k, 2 * n}, device, 5).slice(1, n, 2 * n));
      }
  return all;
}

std::vector<Tensor> row_products(Device device) {
  std::vector<Tensor> all;
  for (const auto& [m, k, n] : std::vector<Size>{{2, 64, 4}, {17, 95, 8}, {211, 131, 4}, {500, 384, 8}, {23, 3001, 8}})
    for (const bool turned : {false, true}) {
      const auto matrix = [&](int64_t rows, int64_t columns, uint64_t stream) {
        return random_tensor({rows, columns + 3}, device, stream).slice(1, 1, columns + 1);
      };
      const Tensor b = turned ? matrix(n, k, 2).transpose() : matrix(k, n, 2);
      add_products(all, matrix(m, k, 1), b);
    }
  return all;
}

std::vector<float> numbers() {
  std::vector<float> all;
  for (const Tensor& t : row_products(Device::open("cpu")))
    for (const float x : t.to_host<float>()) all.push_back(x);
  return all;
}

FoldedProduct shape(int64_t m, int64_t k, int64_t n, bool turned_a, bool turned_b) {
  FoldedProduct product;
  product.m = m, product.k = k, product.n = n;
  product.a = {turned_a ? 1 : k, turned_a ? m : 1, 0};
  product.b = {turned_b ? 1 : n, turned_b ? k : 1, 0};
  return product;
}

}  // namespace

TEST_CASE("cpu: products a^T b with few columns") { check_both("turned", turned_products); }

TEST_CASE("cpu: products of long rows with few columns") { check_both("rows", row_products); }

TEST_CASE("cpu: products of long rows with few columns, any instruction set and any number of threads") {
  const cpu::Kernels& chosen = cpu::kernels();
  const int threads = cpu::thread_count();
  const std::vector<float> wanted = numbers();
  for (const int count : {1, 3}) {
    cpu::set_thread_count(count);
    const std::vector<float> got = numbers();
    CHECK(std::memcmp(got.data(), wanted.data(), wanted.size() * sizeof(float)) == 0);
  }
  cpu::set_thread_count(threads);
  for (const char* isa : {"baseline", "v3", "v4"})
    if (const cpu::Kernels* table = cpu::kernels_for(isa)) {
      cpu::use_kernels(*table);
      CHECK(test::normalized_error(numbers(), wanted) < 1e-11);
    }
  cpu::use_kernels(chosen);
}

TEST_CASE("cpu: products of long rows with few columns read and write nothing else") {
  const float there_is_one = 0;
  for (const auto& [m, k, n] : std::vector<Size>{{16, 64, 4}, {35, 95, 8}})
    for (const bool turned_b : {false, true}) {
      cpu::Gemm gemm;
      gemm.m = m, gemm.n = n, gemm.k = k;
      gemm.a = {nullptr, k + 2, 1, 0, DType::f32};
      gemm.b = {nullptr, turned_b ? 1 : n + 2, turned_b ? k + 2 : 1, 0, DType::f32};
      gemm.out_row = n + 1;
      gemm.bias = turned_b ? &there_is_one : nullptr;
      gemm.scale = 0.5f;
      gemm.accumulate = turned_b;
      CAPTURE(cpu::text_of(gemm));
      CHECK(cpu::computes_right(gemm, cpu::thin_rows_gemm));
    }
}

TEST_CASE("cpu: which products have few columns, and are not packed") {
  for (const bool turned_b : {false, true}) {
    CHECK(has_thin_rows(shape(16, 64, 8, false, turned_b)));
    CHECK(!packs_b(shape(16, 64, 8, false, turned_b)));
    CHECK(!has_thin_rows(shape(1, 64, 8, false, turned_b)));
    CHECK(!has_thin_rows(shape(16, 63, 8, false, turned_b)));
    CHECK(!has_thin_rows(shape(16, 64, 6, false, turned_b)));
    CHECK(!has_thin_rows(shape(16, 64, 12, false, turned_b)));
    CHECK(!has_thin_rows(shape(16, 64, 8, true, turned_b)));
    CHECK(packs_b(shape(16, 64, 12, false, turned_b)));
  }
  CHECK(is_thin_turned(shape(128, 9, 32, true, false)));
  CHECK(!packs_b(shape(128, 9, 32, true, false)));
  CHECK(!is_thin_turned(shape(127, 9, 32, true, false)));
  CHECK(!is_thin_turned(shape(4096, 9, 33, true, false)));
  CHECK(!is_thin_turned(shape(128, 9, 32, false, false)));
  CHECK(!is_thin_turned(shape(128, 9, 32, true, true)));
  FoldedProduct batch = shape(16, 64, 8, false, false);
  batch.batch = 2;
  CHECK(!has_thin_rows(batch));
}
