// SPDX-License-Identifier: Apache-2.0
// Reductions over any axes. Sums are cut into pieces that depend on the shapes alone and added in order, so that the
// number of threads does not show.
#include <algorithm>
#include <limits>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/strided.h"

namespace thaw::cpu {
namespace {

// The kept or the reduced axes of a reduction; `out` strides are 0 on reduced axes.
struct Axes {
  int rank = 0;
  int64_t numel = 1;
  std::array<int64_t, Shape::max_rank> size{}, in{}, out{};

  void add(int64_t n, int64_t in_stride, int64_t out_stride) {
    if (n == 1) return;
    numel *= n;
    if (rank > 0 && in[last()] == in_stride * n && out[last()] == out_stride * n) {
      size[last()] *= n;
    } else {
      ++rank;
      size[last()] = n;
    }
    in[last()] = in_stride;
    out[last()] = out_stride;
  }
  size_t last() const { return static_cast<size_t>(rank - 1); }
  int64_t last_size() const { return rank ? size[last()] : 1; }
  int64_t last_stride() const { return rank ? in[last()] : 0; }
  // Offset in `strides` of flat element i.
  int64_t offset(const std::array<int64_t, Shape::max_rank>& strides, int64_t i) const {
    int64_t sum = 0;
    for (int axis = rank - 1; axis >= 0; --axis) {
      const auto a = static_cast<size_t>(axis);
      sum += i % size[a] * strides[a];
      i /= size[a];
    }
    return sum;
  }
};

float combined(ReduceOp op, float a, float b) {
  const float both[2] = {a, b};
  return kernels().reduce(op, both, 2);
}

float start_of(ReduceOp op) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  return op == ReduceOp::sum ? 0 : op == ReduceOp::max ? -infinity : infinity;
}

struct Reduction {
  ReduceOp op;
  float scale;
  bool accumulate;
  const float* in;
  float* out;
  Axes kept, reduced;

  void finish(float* to, const float* totals, int64_t n) const { kernels().scaled(to, totals, scale, accumulate, n); }

  // Numbers of the flattened reduced space [begin, end) at `from`: stretches of its last axis, packed where they are
  // not consecutive.
  float reduce_stretch(const float* from, int64_t begin, int64_t end) const {
    float total = start_of(op);
    bool first = true;
    const int64_t line = reduced.last_size(), stride = reduced.last_stride();
    alignas(64) float buffer[Walk::piece];
    for (int64_t i = begin; i < end;) {
      const int64_t count = std::min(end - i, line - i % line);
      const float* const x = from + reduced.offset(reduced.in, i);
      for (int64_t j = 0; j < count;) {
        int64_t n = count - j;
        const float* numbers = x + j * stride;
        if (stride != 1) {
          n = std::min(n, Walk::piece);
          for (int64_t k = 0; k < n; ++k) buffer[k] = numbers[k * stride];
          numbers = buffer;
        }
        const float part = kernels().reduce(op, numbers, n);
        total = first ? part : combined(op, total, part);
        first = false;
        j += n;
      }
      i += count;
    }
    return total;
  }

  // Every output is a reduction of numbers that lie together.
  void by_numbers() const {
    constexpr int64_t piece = 16384;
    const int64_t pieces = std::max<int64_t>(1, (reduced.numel + piece - 1) / piece);
    if (pieces == 1) {
      parallel_ranges(kept.numel, rows_per_task(reduced.numel), [&](int64_t begin, int64_t end) {
        for (int64_t o = begin; o < end; ++o) {
          const float total = reduce_stretch(in + kept.offset(kept.in, o), 0, reduced.numel);
          finish(out + kept.offset(kept.out, o), &total, 1);
        }
      });
      return;
    }
    std::vector<float> parts(static_cast<size_t>(kept.numel * pieces));
    parallel_tasks(kept.numel * pieces, [&](int64_t task) {
      const int64_t begin = task % pieces * piece;
      parts[static_cast<size_t>(task)] =
          reduce_stretch(in + kept.offset(kept.in, task / pieces), begin, std::min(begin + piece, reduced.numel));
    });
    for (int64_t o = 0; o < kept.numel; ++o) {
      const float total = kernels().reduce(op, parts.data() + o * pieces, pieces);
      finish(out + kept.offset(kept.out, o), &total, 1);
    }
  }

  // The last kept axis is consecutive: whole lines of it are combined. Blocks of lines make partial results, which are
  // combined in order.
  void by_lines() const {
    const int64_t columns = kept.last_size(), lines = reduced.numel;
    const int64_t outer = kept.numel / columns;
    const int64_t block = std::max<int64_t>(16, rows_per_task(columns));
    const int64_t blocks = (lines + block - 1) / block;
    const int64_t run = reduced.last_size(), stride = reduced.last_stride();
    std::vector<float> parts(static_cast<size_t>(outer * blocks * columns));
    parallel_tasks(outer * blocks, [&](int64_t task) {
      const float* const from = in + kept.offset(kept.in, task / blocks * columns);
      float* const part = parts.data() + task * columns;
      const int64_t first = task % blocks * block, end = std::min(first + block, lines);
      for (int64_t i = first; i < end;) {
        const int64_t count = std::min(end - i, run - i % run);
        kernels().reduce_rows(op, part, from + reduced.offset(reduced.in, i), count, stride, columns, i > first);
        i += count;
      }
    });
    parallel_tasks(outer, [&](int64_t o) {
      float* const part = parts.data() + o * blocks * columns;
      kernels().reduce_rows(op, part, part + columns, blocks - 1, columns, columns, true);
      float* const to = out + kept.offset(kept.out, o * columns);
      const int64_t out_stride = kept.rank ? kept.out[kept.last()] : 1;
      if (out_stride == 1) return finish(to, part, columns);
      for (int64_t c = 0; c < columns; ++c) finish(to + c * out_stride, part + c, 1);
    });
  }
};

}  // namespace

void CpuBackend::reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) {
  const Timed timed("reduce");
  Reduction r{op, static_cast<float>(scale), accumulate, in.as<float>(), out.as<float>(), {}, {}};
  for (int axis = 0; axis < in.rank(); ++axis) {
    const bool is_reduced = out.shape[axis] == 1 && in.shape[axis] != 1;
    (is_reduced ? r.reduced : r.kept).add(in.shape[axis], in.strides[axis], is_reduced ? 0 : out.strides[axis]);
  }
  if (r.kept.numel == 0) return;
  const bool lines = r.kept.rank > 0 && r.kept.last_stride() == 1 &&
                     (r.reduced.last_stride() != 1 || r.kept.last_size() >= 16) && r.reduced.numel > 0;
  if (lines) {
    r.by_lines();
  } else {
    r.by_numbers();
  }
}

void CpuBackend::argmax(const View& out, const View& in) {
  const Timed timed("argmax");
  const int64_t n = in.shape[-1], stride = in.strides[-1];
  View rows = in;
  rows.shape = in.shape.without(-1);
  rows.strides = in.strides.without(-1);
  const Walk walk({&out, &rows}, false);
  parallel_ranges(walk.numel, rows_per_task(n), [&](int64_t begin, int64_t end) {
    std::vector<float> packed(stride == 1 ? 0 : static_cast<size_t>(n));
    for (int64_t r = begin; r < end; ++r) {
      const float* row = reinterpret_cast<const float*>(walk.at(1, r));
      for (size_t i = 0; i < packed.size(); ++i) packed[i] = row[static_cast<int64_t>(i) * stride];
      *reinterpret_cast<int32_t*>(walk.at(0, r)) =
          static_cast<int32_t>(kernels().argmax(packed.empty() ? row : packed.data(), n));
    }
  });
}

void CpuBackend::sum_squares(const View& out, std::span<const View> tensors) {
  const Timed timed("sum_squares");
  constexpr int64_t piece = 1 << 16;
  std::vector<std::pair<const View*, int64_t>> pieces;  // a tensor and where a piece of it begins
  for (const View& tensor : tensors)
    for (int64_t begin = 0; begin < tensor.numel(); begin += piece) pieces.emplace_back(&tensor, begin);
  std::vector<double> sums(pieces.size());
  parallel_tasks(static_cast<int64_t>(pieces.size()), [&](int64_t task) {
    const auto& [tensor, begin] = pieces[static_cast<size_t>(task)];
    double sum = 0;
    Walk walk({tensor}, false);
    walk.writes = false;
    walk.for_pieces(begin, std::min(begin + piece, tensor->numel()), [&](const auto& at, int64_t n, int64_t) {
      sum += static_cast<double>(kernels().sum_squares(static_cast<const float*>(at[0]), n));
    });
    sums[static_cast<size_t>(task)] = sum;
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  *out.as<float>() = static_cast<float>(total);
}

}  // namespace thaw::cpu
