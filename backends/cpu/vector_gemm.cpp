// SPDX-License-Identifier: Apache-2.0
// Products with one row or one column, and batches of them, shared out among threads in pieces of the matrix.
#include <algorithm>
#include <utility>

#include "backends/cpu/gemm.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/scratch_memory.h"
#include "tensor/check.h"

namespace thaw::cpu {
namespace {

constexpr int64_t longest = 4096;        // numbers of the vector in a piece
constexpr int64_t widest = 4096;         // results of a piece
constexpr int64_t least_rows = 64;       // of a piece whose results are added to those of others
constexpr int64_t task_numbers = 49152;  // of the matrix in a piece, about; more where its rows are long
constexpr int64_t buffer_numbers = 4 * longest;

constexpr int64_t ceil_divide(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The product seen from its result, a line: line[j] = sum over i of vector[i] matrix[i, j].
struct Line {
  const Matrices& vector;
  const Matrices& matrix;
  int64_t depth, length;
  int64_t vector_step, along,
      across;  // strides: of the vector, of the matrix along the sum, of the matrix along the line
  int64_t out_step;
  bool bias_each;  // a bias for each number of the line, else one for all
  bool dots = false;
  int64_t piece_depth = 0, piece_length = 0, depth_pieces = 0, line_pieces = 0;
};

Line line_of(const Gemm& gemm) {
  // Of two vectors the consecutive one is the matrix.
  const bool row = gemm.m == 1 && !(gemm.n == 1 && gemm.b.row != 1);
  const Matrices &a = gemm.a, &b = gemm.b;
  Line line = row ? Line{a, b, gemm.k, gemm.n, a.column, b.row, b.column, 1, true}
                  : Line{b, a, gemm.k, gemm.m, b.row, a.column, a.row, gemm.out_row, false};
  const bool has_rows = line.across == 1 || line.length == 1, has_columns = line.along == 1 || line.depth == 1;
  check(has_rows || has_columns, "cpu: a matrix with strides {} and {}", line.along, line.across);
  line.dots = has_columns && (!has_rows || line.depth > 1);
  if (line.dots) {
    line.piece_depth = std::min(line.depth, longest);
    line.piece_length = std::clamp<int64_t>(task_numbers / line.piece_depth / 4 * 4, 4, widest);
  } else {
    line.piece_length = std::min(line.length, widest);
    line.piece_depth = std::clamp<int64_t>(task_numbers / line.piece_length / 8 * 8, least_rows, longest);
  }
  line.depth_pieces = ceil_divide(line.depth, line.piece_depth);
  line.line_pieces = ceil_divide(line.length, line.piece_length);
  return line;
}

// `count` numbers of the vector from `first` on, consecutive and f32: where they lie, or in the buffers.
const float* part_of_vector(const Line& line, int64_t matrix, int64_t first, int64_t count, float* buffer) {
  const int64_t begin = matrix * line.vector.batch + first * line.vector_step;
  if (line.vector.dtype == DType::f32) {
    const float* const from = static_cast<const float*>(line.vector.data) + begin;
    if (line.vector_step == 1) return from;
    for (int64_t i = 0; i < count; ++i) buffer[i] = from[i * line.vector_step];
    return buffer;
  }
  const uint16_t* from = static_cast<const uint16_t*>(line.vector.data) + begin;
  uint16_t packed[longest];
  if (line.vector_step != 1) {
    for (int64_t i = 0; i < count; ++i) packed[i] = from[i * line.vector_step];
    from = packed;
  }
  kernels().convert(buffer, DType::f32, from, line.vector.dtype, count);
  return buffer;
}

// What numbers [first, first + depth) of the vector give to numbers [begin, begin + count) of the line.
void sum_piece(const Line& line, int64_t matrix, int64_t first, int64_t depth, int64_t begin, int64_t count,
               float* sums) {
  const Kernels& k = kernels();
  float vector[longest];
  const float* const x = part_of_vector(line, matrix, first, depth, vector);
  const int64_t at = matrix * line.matrix.batch + first * line.along + begin * line.across;
  const int64_t stride = line.dots ? line.across : line.along;
  if (line.matrix.dtype == DType::f32) {
    const float* const m = static_cast<const float*>(line.matrix.data) + at;
    if (line.dots) return k.dots(sums, x, m, stride, depth, count);
    return k.weighted_rows(sums, x, m, stride, depth, count, false);
  }
  // 16-bit numbers: some rows at a time, as f32.
  const uint16_t* const m = static_cast<const uint16_t*>(line.matrix.data) + at;
  float buffer[buffer_numbers];
  const int64_t row = line.dots ? depth : count, rows = line.dots ? count : depth, most = buffer_numbers / row;
  for (int64_t r = 0; r < rows; r += most) {
    const int64_t now = std::min(most, rows - r);
    for (int64_t i = 0; i < now; ++i)
      k.convert(buffer + i * row, DType::f32, m + (r + i) * stride, line.matrix.dtype, row);
    if (line.dots) {
      k.dots(sums + r, x, buffer, row, row, now);
    } else {
      k.weighted_rows(sums, x + r, buffer, row, now, row, r > 0);
    }
  }
}

// Numbers [begin, end) of a line from the sums of its pieces.
void finish(const Gemm& gemm, const Line& line, int64_t matrix, int64_t begin, int64_t end, const float* sums) {
  float* const out = gemm.out + matrix * gemm.out_batch;
  for (int64_t j = begin; j < end; ++j) {
    float total = sums[j];
    for (int64_t piece = 1; piece < line.depth_pieces; ++piece) total += sums[piece * line.length + j];
    total *= gemm.scale;
    if (gemm.bias) total += gemm.bias[line.bias_each ? j : 0];
    float& to = out[j * line.out_step];
    to = gemm.accumulate ? to + total : total;
  }
}

}  // namespace

void vector_gemm(const Gemm& gemm) {
  const Line line = line_of(gemm);
  const int64_t pieces = line.depth_pieces * line.line_pieces;
  // Small matrices go together.
  const int64_t together = pieces > 1 ? 1 : std::max<int64_t>(1, task_numbers / (line.depth * line.length));
  const int64_t groups = ceil_divide(gemm.batch, together);
  const int64_t sums_size = line.depth_pieces * line.length;
  float* const all_sums = scratch_memory(gemm.batch * sums_size);
  parallel_tasks(groups * pieces, [&](int64_t task) {
    const int64_t piece = task % pieces, group = task / pieces;
    const int64_t depth_piece = piece % line.depth_pieces;
    const int64_t first = depth_piece * line.piece_depth, depth = std::min(line.piece_depth, line.depth - first);
    const int64_t begin = piece / line.depth_pieces * line.piece_length;
    const int64_t end = std::min(line.length, begin + line.piece_length);
    for (int64_t i = group * together; i < std::min(gemm.batch, (group + 1) * together); ++i) {
      float* const sums = all_sums + i * sums_size;
      sum_piece(line, i, first, depth, begin, end - begin, sums + depth_piece * line.length + begin);
      if (line.depth_pieces == 1) finish(gemm, line, i, begin, end, sums);
    }
  });
  if (line.depth_pieces == 1) return;
  const int64_t ranges = ceil_divide(line.length, longest);
  parallel_tasks(gemm.batch * ranges, [&](int64_t task) {
    const int64_t matrix = task / ranges, begin = task % ranges * longest;
    finish(gemm, line, matrix, begin, std::min(line.length, begin + longest), all_sums + matrix * sums_size);
  });
}

void row_by_row_gemm(Gemm gemm) {
  const auto item = static_cast<int64_t>(size_of(gemm.a.dtype));
  for (int64_t rows = std::exchange(gemm.m, 1); rows > 0; --rows) {
    vector_gemm(gemm);
    gemm.a.data = static_cast<const char*>(gemm.a.data) + gemm.a.row * item;
    gemm.out += gemm.out_row;
  }
}

}  // namespace thaw::cpu
