// SPDX-License-Identifier: Apache-2.0
// Products with few columns, f32: of the thin matrices of low-rank changes. Libraries make them of tiles as wide as a
// register or more, mostly empty, and copy a where it is to be turned: up to four times as slow.
#include <cstddef>
#include <vector>

#include "backends/cpu/gemm.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"

namespace thaw::cpu {
namespace {

// This thread's own; grows once.
float* workspace(int64_t numbers) {
  thread_local std::vector<float> memory;
  if (memory.size() < static_cast<size_t>(numbers)) memory.resize(static_cast<size_t>(numbers));
  return memory.data();
}

}  // namespace

void thin_rows_gemm(const Gemm& gemm) {
  const auto* b = static_cast<const float*>(gemm.b.data);
  int64_t line = gemm.b.column;
  if (gemm.b.row != 1) {
    float* const turned = workspace(gemm.n * gemm.k);
    for (int64_t k = 0; k < gemm.k; ++k)
      for (int64_t j = 0; j < gemm.n; ++j) turned[j * gemm.k + k] = b[k * gemm.b.row + j];
    b = turned;
    line = gemm.k;
  }
  const ThinRows product{gemm.n,    gemm.k,         static_cast<const float*>(gemm.a.data),
                         b,         gemm.out,       gemm.a.row,
                         line,      gemm.out_row,   gemm.scale,
                         gemm.bias, gemm.accumulate};
  // A multiple of the rows that the loop takes at once.
  constexpr int64_t rows = 96;
  parallel_ranges(gemm.m, rows, [&](int64_t begin, int64_t end) { kernels().thin_rows(product, begin, end); });
}

void thin_turned_gemm(const Gemm& gemm, bool (*multiply)(const Gemm&)) {
  float* const turned = workspace(gemm.m * gemm.n);
  Gemm other;
  other.m = gemm.n;
  other.n = gemm.m;
  other.k = gemm.k;
  other.a = {gemm.b.data, 1, gemm.b.row, 0, DType::f32};
  other.b = {gemm.a.data, gemm.a.column, 1, 0, DType::f32};
  other.out = turned;
  other.out_row = gemm.m;
  other.scale = gemm.scale;
  multiply(other);
  parallel_ranges(gemm.m, rows_per_task(gemm.n), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      float* const row = gemm.out + i * gemm.out_row;
      for (int64_t j = 0; j < gemm.n; ++j)
        row[j] = turned[j * gemm.m + i] + (gemm.bias ? gemm.bias[j] : 0) + (gemm.accumulate ? row[j] : 0);
    }
  });
}

}  // namespace thaw::cpu
