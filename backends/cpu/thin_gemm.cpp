// SPDX-License-Identifier: Apache-2.0
// Products a^T b with few columns, such as gradients of thin matrices. Libraries make them of tiles as wide as a
// register or more, mostly empty, and copy a to turn it; b^T a has neither fault and is up to four times as fast.
#include <cstddef>
#include <vector>

#include "backends/cpu/gemm.h"
#include "backends/cpu/parallel.h"

namespace thaw::cpu {
namespace {

constexpr int64_t most_columns = 32;  // with more of them nothing is gained
constexpr int64_t least_rows_a_column = 4;

}  // namespace

bool is_thin(const Gemm& gemm) {
  return gemm.batch == 1 && gemm.n > 1 && gemm.n <= most_columns && gemm.m >= least_rows_a_column * gemm.n &&
         gemm.a.row == 1 && gemm.a.column != 1 && gemm.b.column == 1 && gemm.a.dtype == DType::f32 &&
         gemm.b.dtype == DType::f32 && !gemm.bias;
}

void thin_gemm(const Gemm& gemm, bool (*multiply)(const Gemm&)) {
  thread_local std::vector<float> turned;
  if (turned.size() < static_cast<size_t>(gemm.m * gemm.n)) turned.resize(static_cast<size_t>(gemm.m * gemm.n));
  Gemm other;
  other.m = gemm.n;
  other.n = gemm.m;
  other.k = gemm.k;
  other.a = {gemm.b.data, 1, gemm.b.row, 0, DType::f32};
  other.b = {gemm.a.data, gemm.a.column, 1, 0, DType::f32};
  other.out = turned.data();
  other.out_row = gemm.m;
  other.scale = gemm.scale;
  multiply(other);
  const float* const from = turned.data();
  parallel_ranges(gemm.m, rows_per_task(gemm.n), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      float* const row = gemm.out + i * gemm.out_row;
      for (int64_t j = 0; j < gemm.n; ++j) row[j] = from[j * gemm.m + i] + (gemm.accumulate ? row[j] : 0);
    }
  });
}

}  // namespace thaw::cpu
