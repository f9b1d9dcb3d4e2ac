// SPDX-License-Identifier: Apache-2.0
// Small products that stand for larger ones.
#include "backends/cpu/gemm_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace thaw::cpu {
namespace {

int64_t small_size(int64_t size, int64_t most) { return size <= most + 15 ? size : most + size % 16; }

// What lies between two lines: something if there was something, with the same remainder.
int64_t small_gap(int64_t gap) { return gap <= 0 ? 0 : (gap - 1) % 16 + 1; }

struct Sizes {
  int64_t batch, rows, columns;
};

Matrices small_matrices(const Matrices& x, const Sizes& was, const Sizes& is) {
  const bool turned = x.column != 1;
  const int64_t distance = turned ? x.column : x.row, old_line = turned ? was.rows : was.columns;
  const int64_t line = turned ? is.rows : is.columns, lines = turned ? is.columns : is.rows;
  Matrices small{nullptr, 0, 0, 0, x.dtype};
  int64_t new_distance = line + small_gap(distance - old_line);
  if (was.batch > 1 && x.batch != 0) {
    if (x.batch < distance) {
      // Side by side: the matrices share their lines, as heads do.
      small.batch = std::min(x.batch, line + small_gap(x.batch - old_line));
      new_distance = (is.batch - 1) * small.batch + line;
      new_distance += ((distance - new_distance) % 16 + 16) % 16;
    } else {
      small.batch = lines * new_distance + small_gap(x.batch - (turned ? was.columns : was.rows) * distance);
    }
  }
  small.row = turned ? 1 : new_distance;
  small.column = turned ? new_distance : 1;
  return small;
}

}  // namespace

GemmNumbers numbers_of(const Gemm& gemm) {
  return {gemm.batch,
          gemm.m,
          gemm.n,
          gemm.k,
          gemm.a.row,
          gemm.a.column,
          gemm.a.batch,
          gemm.b.row,
          gemm.b.column,
          gemm.b.batch,
          gemm.out_row,
          gemm.out_batch,
          static_cast<int64_t>(gemm.a.dtype) * 16 + static_cast<int64_t>(gemm.b.dtype),
          std::bit_cast<int32_t>(gemm.scale),
          gemm.accumulate,
          gemm.bias != nullptr};
}

Gemm small_like(const Gemm& gemm, int64_t most) {
  Gemm small;
  small.batch = std::min<int64_t>(gemm.batch, 3);
  small.m = small_size(gemm.m, most);
  small.n = small_size(gemm.n, most);
  small.k = small_size(gemm.k, most);
  small.a = small_matrices(gemm.a, {gemm.batch, gemm.m, gemm.k}, {small.batch, small.m, small.k});
  small.b = small_matrices(gemm.b, {gemm.batch, gemm.k, gemm.n}, {small.batch, small.k, small.n});
  const Matrices out{nullptr, gemm.out_row, 1, gemm.out_batch, DType::f32};
  const Matrices small_out = small_matrices(out, {gemm.batch, gemm.m, gemm.n}, {small.batch, small.m, small.n});
  small.out_row = small_out.row;
  small.out_batch = small_out.batch;
  small.scale = gemm.scale == 1 ? 1 : 0.5f;
  small.accumulate = gemm.accumulate;
  small.bias = gemm.bias;
  return small;
}

std::string text_of(const Gemm& gemm) {
  std::string text = fmt::format("{} {}, {}x{}x{}", gemm.a.column == 1 ? "a" : "a^T", gemm.b.column == 1 ? "b" : "b^T",
                                 gemm.m, gemm.k, gemm.n);
  if (gemm.a.dtype != DType::f32) text += fmt::format(" of {}", name_of(gemm.a.dtype));
  if (gemm.batch > 1) text += fmt::format(", {} matrices", gemm.batch);
  if (gemm.batch > 1 && (gemm.a.batch == 0 || gemm.b.batch == 0)) text += gemm.a.batch == 0 ? " by one a" : " by one b";
  const auto gaps = [&text](const char* name, int64_t line, int64_t distance) {
    if (distance != line) text += fmt::format(", {}'s lines of {} are {} apart", name, line, distance);
  };
  gaps("a", gemm.a.column == 1 ? gemm.k : gemm.m, std::max(gemm.a.row, gemm.a.column));
  gaps("b", gemm.b.column == 1 ? gemm.n : gemm.k, std::max(gemm.b.row, gemm.b.column));
  gaps("the result", gemm.n, gemm.out_row);
  if (gemm.scale != 1) text += ", scale";
  if (gemm.accumulate) text += ", accumulate";
  if (gemm.bias) text += ", bias";
  return text;
}

}  // namespace thaw::cpu
