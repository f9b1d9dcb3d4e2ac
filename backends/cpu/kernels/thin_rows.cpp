// SPDX-License-Identifier: Apache-2.0
// A matrix times a few vectors that lie along its rows: sums stay in registers as vectors until a row is at its end.
#include "backends/cpu/kernels/families.h"
#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int row_block = lanes == 16 ? 6 : 3;  // with four vectors a row: 24 of 32 registers, or 12 of 16

// `rows` rows and four columns of the result; each sum has the same order whatever `rows` is.
template <int rows>
void rows_of(const ThinRows& p, int64_t row, int64_t column) {
  const float* const a = p.a + row * p.a_row;
  const float* const b = p.b + column * p.b_line;
  const float* const bias = p.bias ? p.bias + column : nullptr;
  float* const out = p.out + row * p.out_row + column;
  vec sums[rows][4];
#pragma GCC unroll 6
  for (int r = 0; r < rows; ++r) sums[r][0] = sums[r][1] = sums[r][2] = sums[r][3] = vec{};
  int64_t k = 0;
  for (; k + lanes <= p.depth; k += lanes) {
    vec x[rows];
#pragma GCC unroll 6
    for (int r = 0; r < rows; ++r) x[r] = load(a + r * p.a_row + k);
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      const vec y = load(b + j * p.b_line + k);
#pragma GCC unroll 6
      for (int r = 0; r < rows; ++r) sums[r][j] += x[r] * y;
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; ++r) {
    vec4 sum = sums_of(sums[r][0], sums[r][1], sums[r][2], sums[r][3]);
    for (int64_t i = k; i < p.depth; ++i)
      sum += a[r * p.a_row + i] * vec4{b[i], b[p.b_line + i], b[2 * p.b_line + i], b[3 * p.b_line + i]};
    float* const to = out + r * p.out_row;
    for (int j = 0; j < 4; ++j) to[j] = p.scale * sum[j] + (bias ? bias[j] : 0) + (p.accumulate ? to[j] : 0);
  }
}

void thin_rows(const ThinRows& p, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end;) {
    const bool whole = i + row_block <= end;
    for (int64_t j = 0; j < p.columns; j += 4) (whole ? rows_of<row_block> : rows_of<1>)(p, i, j);
    i += whole ? row_block : 1;
  }
}

}  // namespace

void add_thin_rows(Kernels& table) { table.thin_rows = thin_rows; }

}  // namespace thaw::cpu::THAW_CPU_ISA
