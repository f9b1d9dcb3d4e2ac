// SPDX-License-Identifier: Apache-2.0
// benchmark_vectors [PART OF A NAME]: products with one row or one column by the loops of backends/cpu beside oneDNN
// and OpenBLAS, in turns; the libraries' times as parts of the loops' own.
#include <fmt/format.h>

#include <limits>

#include "backends/cpu/gemm.h"
#include "backends/cpu/threads.h"
#include "tensor/ops.h"
#include "tests/benchmarks/measure.h"

namespace thaw {
namespace {

struct Size {
  int64_t m, k, n;
};

std::string name_of(const Size& size, bool turned) {
  return fmt::format("{}x{}x{} {}", size.m, size.k, size.n, !turned ? "NN" : size.m == 1 ? "NT" : "TN");
}

// One of m and n is 1. `turned`: the matrix is transposed.
void compare(const Size& size, bool turned) {
  const Device device = Device::open("cpu");
  const auto numbers = [&](int64_t count, uint64_t stream) {
    return affine(uniform({count}, {7, stream}, DType::f32, device), 2, -1);
  };
  const auto [m, k, n] = size;
  // Matrices in turn, so that those which are larger than the caches are read from memory.
  constexpr size_t copies = 4;
  std::vector<Tensor> matrices;
  for (size_t i = 0; i < copies; ++i) matrices.push_back(numbers(std::max(m, n) * k, i));
  const Tensor vector = numbers(k, 9), out = numbers(std::max(m, n), 10);
  cpu::Gemm gemm;
  gemm.m = m;
  gemm.k = k;
  gemm.n = n;
  gemm.out = out.view().as<float>();
  gemm.out_row = n;
  const bool row = m == 1;
  const cpu::Matrices vector_as_matrix{vector.view().as<float>(), row ? k : 1, 1, 0, DType::f32};
  (row ? gemm.a : gemm.b) = vector_as_matrix;
  cpu::Matrices& matrix = row ? gemm.b : gemm.a;
  const int64_t rows = row ? k : m, columns = row ? n : k;
  matrix.row = turned ? 1 : columns;
  matrix.column = turned ? rows : 1;
  bench::Timings own, onednn, openblas;
  bool has_onednn = true;
  const int calls = static_cast<int>(std::max<int64_t>(4, 4'000'000 / (rows * columns)));
  for (int round = 0; round < 40; ++round) {
    const auto all_copies = [&](const auto& product) {
      return [&] {
        for (int i = 0; i < calls; ++i) {
          matrix.data = matrices[static_cast<size_t>(i) % copies].view().as<float>();
          product();
        }
      };
    };
    own.run(all_copies([&] { cpu::vector_gemm(gemm); }));
    onednn.run(all_copies([&] { has_onednn = cpu::onednn_gemm(gemm) && has_onednn; }));
    openblas.run(all_copies([&] { cpu::unchecked_openblas_gemm(gemm); }));
  }
  const double seconds = own.times().least / calls;
  const double other = has_onednn ? onednn.times().least / calls : std::numeric_limits<double>::quiet_NaN();
  const double third = openblas.times().least / calls;
  fmt::print("{:<24}{:>10.1f}{:>10.1f}{:>10.1f}{:>12.2f}{:>12.2f}{:>10.2f}\n", name_of(size, turned), seconds * 1e6,
             other * 1e6, third * 1e6, seconds / other, seconds / third,
             static_cast<double>(rows * columns) * sizeof(float) / seconds / 1e9);
  std::fflush(stdout);
}

}  // namespace
}  // namespace thaw

int main(int argc, char** argv) {
  using namespace thaw;
  const std::string part = argc > 1 ? argv[1] : "";
  fmt::print("{} threads, {}; microseconds, the least of 40\n", cpu::thread_count(), cpu::gemm_description());
  fmt::print("{:<24}{:>10}{:>10}{:>10}{:>12}{:>12}{:>10}\n", "MxKxN", "own", "oneDNN", "OpenBLAS", "own/oneDNN",
             "own/OpenBLAS", "GB/s");
  for (const Size& size : {Size{1, 64, 64}, Size{1, 768, 768}, Size{1, 768, 3072}, Size{1, 3072, 768},
                           Size{1, 768, 30522}, Size{1, 30522, 768}, Size{64, 64, 1}, Size{768, 768, 1},
                           Size{3072, 768, 1}, Size{768, 3072, 1}, Size{30522, 768, 1}, Size{768, 30522, 1}})
    for (const bool turned : {false, true})
      if (name_of(size, turned).find(part) != std::string::npos) compare(size, turned);
}
