// SPDX-License-Identifier: Apache-2.0
// Products with one row or one column against the reference: every layout, pieces and what is left over, batches,
// epilogues, 16-bit inputs; with any instruction set, and the same bits with any number of threads.
#include <cstring>

#include "backends/cpu/gemm_check.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/threads.h"
#include "tests/backends/cpu/both_devices.h"

using namespace thaw;
using test::check_both;
using test::random_tensor;

namespace {

struct Size {
  int64_t m, k, n;
};
const std::vector<Size> sizes{{1, 1, 1},    {1, 1, 5},     {1, 7, 1},      {5, 1, 1},     {1, 64, 33},  {33, 64, 1},
                              {1, 37, 129}, {129, 37, 1},  {1, 4099, 9},   {9, 4099, 1},  {1, 9, 4099}, {4099, 9, 1},
                              {1, 1, 4099}, {1, 10001, 1}, {1, 300, 1500}, {1500, 300, 1}};

// [rows, columns] lying in memory as `form` says; what lies between is NaN.
Tensor matrix(int64_t rows, int64_t columns, int form, Device device, uint64_t stream, DType dtype = DType::f32) {
  const Tensor numbers = random_tensor({rows, columns}, device, stream).to(dtype);
  if (form == 0) return numbers;
  Tensor spread;
  if (form == 1) spread = Tensor::full({columns, rows}, NAN, dtype, device).transpose();
  if (form == 2) spread = Tensor::full({rows, columns + 3}, NAN, dtype, device).slice(1, 2, columns + 2);
  if (form == 3) spread = Tensor::full({rows, columns, 2}, NAN, dtype, device).slice(2, 1, 2).squeeze(2);
  spread.copy_from(numbers);
  return spread;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<Tensor> products(Device device) {
  std::vector<Tensor> all;
  for (const auto& [m, k, n] : sizes)
    for (int form = 0; form < 4; ++form) {
      const Tensor a = matrix(m, k, form, device, 1), b = matrix(k, n, (form + 1) % 4, device, 2),
                   c = matrix(k, n, form, device, 3), bias = random_tensor({n}, device, 4);
      Tensor pre;
      all.push_back(matmul(a, b));
      all.push_back(matmul(a, c, {0.5, bias, UnaryOp::gelu, &pre, true}));
      all.push_back(pre);
      all.push_back(matmul(a, b, {1, bias, UnaryOp::identity, nullptr, false}));
      matmul_add_(all.back(), a, c, -0.3);
    }
  return all;
}

}  // namespace

TEST_CASE("cpu: products with one row or one column") { check_both("vectors", products); }

TEST_CASE("cpu: batches of products with one row or one column") {
  check_both("batches", [](Device device) {
    std::vector<Tensor> all;
    for (const auto& [m, k, n] : std::vector<Size>{{1, 40, 30}, {30, 40, 1}, {1, 40, 1}, {1, 1, 1}, {1, 5000, 20}}) {
      const Tensor a = random_tensor({2, 3, m, k}, device, 1), b = random_tensor({2, 3, k, n}, device, 2);
      all.push_back(matmul(a, b, {0.25, random_tensor({n}, device, 3), UnaryOp::identity, nullptr, false}));
      all.push_back(matmul(a, b.slice(1, 1, 2)));  // shared along one axis
      all.push_back(matmul(a.slice(0, 0, 1), b));  // the other way round
      all.push_back(matmul(a, random_tensor({k, n}, device, 4)));
      all.push_back(matmul(random_tensor({m, k}, device, 5), b));
      all.push_back(matmul(a.transpose(0, 1), b.transpose(0, 1)));
      matmul_add_(all.back(), a.transpose(0, 1), b.transpose(0, 1), 2);
      // Side by side, as heads are.
      const Tensor q = random_tensor({m, 6, k}, device, 6).permute({1, 0, 2}),
                   v = random_tensor({n, 6, k}, device, 7).permute({1, 2, 0});
      all.push_back(matmul(q, v));
      all.push_back(matmul(q, v.slice(0, 2, 3)));
    }
    return all;
  });
}

TEST_CASE("cpu: 16-bit vectors and matrices") {
  for (const DType dtype : {DType::bf16, DType::f16})
    check_both(name_of(dtype).data(), [dtype](Device device) {
      std::vector<Tensor> all;
      for (const auto& [m, k, n] : sizes)
        for (int form = 0; form < 4; ++form)
          all.push_back(matmul(matrix(m, k, form, device, 1, dtype), matrix(k, n, (form + 1) % 4, device, 2, dtype),
                               {1, random_tensor({n}, device, 3), UnaryOp::identity, nullptr, false}));
      return all;
    });
}

TEST_CASE("cpu: vectors times matrices are the same with any instruction set and any number of threads") {
  const Device device = Device::open("cpu");
  const cpu::Kernels& chosen = cpu::kernels();
  const int threads = cpu::thread_count();
  const auto numbers = [&] {
    std::vector<float> all;
    for (const Tensor& t : products(device))
      for (const float x : t.to_host<float>()) all.push_back(x);
    return all;
  };
  const std::vector<float> wanted = numbers();
  CHECK(same_bits(numbers(), wanted));
  for (const int count : {1, 3, 7}) {
    cpu::set_thread_count(count);
    CHECK(same_bits(numbers(), wanted));
  }
  cpu::set_thread_count(threads);
  for (const char* isa : {"baseline", "v3", "v4"})
    if (const cpu::Kernels* table = cpu::kernels_for(isa)) {
      cpu::use_kernels(*table);
      CHECK(test::normalized_error(numbers(), wanted) < 1e-11);
    }
  cpu::use_kernels(chosen);
}

TEST_CASE("cpu: vectors times matrices read and write nothing else") {
  const float there_is_one = 0;
  for (const auto& [m, k, n] : sizes)
    for (const bool turned_a : {false, true})
      for (const bool turned_b : {false, true})
        for (const DType dtype : {DType::f32, DType::bf16, DType::f16}) {
          cpu::Gemm gemm;
          gemm.batch = 2;
          gemm.m = m, gemm.n = n, gemm.k = k;
          gemm.a = {nullptr, turned_a ? 1 : k + 2, turned_a ? m + 2 : 1, (m + 2) * (k + 2), dtype};
          gemm.b = {nullptr, turned_b ? 1 : n + 2, turned_b ? k + 2 : 1, (n + 2) * (k + 2), dtype};
          gemm.out_row = n + 1;
          gemm.out_batch = m * (n + 1);
          gemm.bias = &there_is_one;
          gemm.scale = 0.5f;
          gemm.accumulate = turned_a;
          CAPTURE(cpu::text_of(gemm));
          CHECK(cpu::computes_right(gemm, cpu::vector_gemm));
        }
}
