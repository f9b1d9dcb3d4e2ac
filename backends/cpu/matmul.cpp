// SPDX-License-Identifier: Apache-2.0
// MatmulArgs to products on plain memory: batches folded, vectors told from matrices, strides that no library takes
// packed, half types cast where oneDNN lacks them, and the epilogue.
#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_versions.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/strided.h"
#include "tensor/check.h"

namespace thaw::cpu {
namespace {

// Blocks that live until the product is done.
class Copies {
 public:
  explicit Copies(CpuBackend& backend) : backend_(backend) {}
  ~Copies() {
    for (Block* block : blocks_) backend_.release(block);
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;

  // A contiguous copy of `view` (its broadcast batch axes stay broadcast) of the given type.
  View of(const View& view, DType dtype) {
    View small = view;  // without what is repeated
    for (int axis = 0; axis + 2 < view.rank(); ++axis)
      if (view.strides[axis] == 0) small.shape[axis] = 1;
    blocks_.push_back(backend_.allocate(static_cast<size_t>(small.numel()) * size_of(dtype)));
    View copy{blocks_.back(), 0, small.shape, contiguous_strides(small.shape), dtype};
    backend_.copy(copy, small);
    copy.shape = view.shape;
    for (int axis = 0; axis + 2 < view.rank(); ++axis)
      if (view.strides[axis] == 0) copy.strides[axis] = 0;
    return copy;
  }

 private:
  CpuBackend& backend_;
  std::vector<Block*> blocks_;
};

// The strides of a matrix as libraries take them: one of them 1, the other at least the length of a line. Along an axis
// of size 1, whose stride means nothing, they become those of a dense matrix: libraries may not know that it means
// nothing. False: the matrix must be packed.
bool usable_strides(int64_t rows, int64_t columns, int64_t& row, int64_t& column) {
  if (columns == 1) column = 1;
  if (rows == 1) row = column == 1 ? columns : 1;
  return (column == 1 && row >= columns) || (row == 1 && column >= rows);
}

// `view` with the strides of its matrices made usable; a copy where that cannot be. A vector may have any stride.
View usable(const View& view, bool is_vector, Copies& copies) {
  View result = view;
  if (is_vector || usable_strides(view.shape[-2], view.shape[-1], result.strides[-2], result.strides[-1]))
    return result;
  result = copies.of(view, view.dtype);
  usable_strides(view.shape[-2], view.shape[-1], result.strides[-2], result.strides[-1]);
  return result;
}

// `view` with the rank of out, size 1 and absent batch axes broadcast.
View with_batch_of(const View& view, const View& out) {
  View result = view;
  result.shape = out.shape;
  result.strides = Shape::of_rank(out.rank(), 0);
  for (int i = 1; i <= view.rank(); ++i) {
    if (i <= 2) result.shape[-i] = view.shape[-i];
    if (i <= 2 || view.shape[-i] != 1) result.strides[-i] = view.strides[-i];
  }
  return result;
}

// The batch axes of out, a and b, merged: the last one becomes Gemm::batch, the others are looped over.
struct Batch {
  int rank = 0;
  std::array<int64_t, Shape::max_rank> size{}, out{}, a{}, b{};

  Batch(const View& out_view, const View& a_view, const View& b_view) {
    for (int axis = 0; axis + 2 < out_view.rank(); ++axis) {
      const int64_t n = out_view.shape[axis];
      if (n == 1) continue;
      const int64_t so = out_view.strides[axis], sa = a_view.strides[axis], sb = b_view.strides[axis];
      const auto last = static_cast<size_t>(rank - 1);
      if (rank > 0 && out[last] == so * n && a[last] == sa * n && b[last] == sb * n) {
        --rank;
        size[last] *= n;
      } else {
        size[static_cast<size_t>(rank)] = n;
      }
      const auto now = static_cast<size_t>(rank++);
      out[now] = so;
      a[now] = sa;
      b[now] = sb;
    }
  }
};

bool prefers_openblas() {
  static const bool prefers = [] {
    const char* asked = std::getenv("THAW_GEMM");
    const std::string_view name = asked && *asked ? asked : "onednn";
    check(name == "onednn" || name == "openblas", "THAW_GEMM={}: onednn or openblas was expected", name);
    return name == "openblas";
  }();
  return prefers;
}

// For the profile.
const char* how_of(const Gemm& gemm) {
  if (gemm.a.dtype != DType::f32) return "oneDNN, half types";
  if (gemm.batch > 1) return "oneDNN, batch";
  if (gemm.a.column != 1) return "oneDNN, a^T b";
  return gemm.b.column != 1 ? "oneDNN, a b^T" : "oneDNN, a b";
}

// Matrices of a that share b and follow each other in a and out become one.
void join_rows(Gemm& gemm) {
  if (gemm.batch == 1 || gemm.b.batch != 0) return;
  int64_t row = gemm.a.row, column = gemm.a.column;
  if (gemm.m == 1) {
    row = gemm.a.batch;  // rows of their own, one a matrix
    if (!usable_strides(gemm.batch, gemm.k, row, column)) return;
    gemm.out_row = gemm.out_batch;
  } else if (column != 1 || gemm.a.batch != gemm.m * row || gemm.out_batch != gemm.m * gemm.out_row) {
    return;
  }
  gemm.a.row = row;
  gemm.a.column = column;
  gemm.m *= gemm.batch;
  gemm.batch = 1;
}

// All matrices of one product, whose types the libraries may lack: then false, and nothing is done.
bool run(Gemm gemm) {
  join_rows(gemm);
  Timed timed("matmul", how_of(gemm));
  if (gemm.m == 1 || gemm.n == 1) {
    timed.ran("own loops, a vector");
    vector_gemm(gemm);
    return true;
  }
  const bool f32_only = gemm.a.dtype == DType::f32 && gemm.b.dtype == DType::f32;
  const bool openblas_first = f32_only && prefers_openblas();
  if (!openblas_first && onednn_gemm(gemm)) return true;
  if (openblas_gemm(gemm)) {
    timed.ran("OpenBLAS");
    return true;
  }
  if (openblas_first && onednn_gemm(gemm)) return true;
  timed.ran("own loops, row by row");
  if (f32_only) row_by_row_gemm(gemm);
  return f32_only;
}

// One product a piece of the outer batch axes.
bool run_all(const MatmulArgs& args, const View& a, const View& b) {
  const Batch batch(args.out, a, b);
  Gemm gemm;
  gemm.m = args.out.shape[-2];
  gemm.n = args.out.shape[-1];
  gemm.k = a.shape[-1];
  gemm.scale = static_cast<float>(args.scale);
  gemm.accumulate = args.accumulate;
  const auto item = static_cast<int64_t>(size_of(a.dtype));
  gemm.a = {nullptr, a.strides[-2], a.strides[-1], 0, a.dtype};
  gemm.b = {nullptr, b.strides[-2], b.strides[-1], 0, b.dtype};
  gemm.out_row = gemm.m > 1 ? args.out.strides[-2] : gemm.n;
  if (args.bias && args.activation == UnaryOp::identity && args.scale == 1 && args.bias->strides[0] == 1)
    gemm.bias = args.bias->as<float>();
  if (args.constant_b && b.block == args.b.block) gemm.constant_b = &args.b;
  int64_t outer = 1;
  if (batch.rank > 0) {
    const auto last = static_cast<size_t>(batch.rank - 1);
    gemm.batch = batch.size[last];
    gemm.out_batch = batch.out[last];
    gemm.a.batch = batch.a[last];
    gemm.b.batch = batch.b[last];
    for (size_t axis = 0; axis < last; ++axis) outer *= batch.size[axis];
  }
  for (int64_t i = 0; i < outer; ++i) {
    int64_t rest = i, out_offset = 0, a_offset = a.offset, b_offset = b.offset;
    for (int axis = batch.rank - 2; axis >= 0; --axis) {
      const auto x = static_cast<size_t>(axis);
      const int64_t at = rest % batch.size[x];
      rest /= batch.size[x];
      out_offset += at * batch.out[x];
      a_offset += at * batch.a[x];
      b_offset += at * batch.b[x];
    }
    gemm.out = args.out.as<float>() + out_offset;
    gemm.a.data = static_cast<const char*>(a.block->data) + a_offset * item;
    gemm.b.data = static_cast<const char*>(b.block->data) + b_offset * item;
    if (outer > 1) gemm.constant_b = nullptr;
    if (!run(gemm)) return false;
  }
  return true;
}

// Bias that the product did not add, pre-activation, activation: in place, row by row.
void finish(const MatmulArgs& args, bool bias_is_in) {
  const View* const bias = bias_is_in ? nullptr : args.bias;
  if (!bias && !args.pre_activation && args.activation == UnaryOp::identity) return;
  const Timed timed("matmul", "epilogue");
  const int64_t n = args.out.shape[-1];
  std::vector<float> packed;
  if (bias && bias->strides[0] != 1) {
    for (int64_t j = 0; j < n; ++j) packed.push_back(bias->as<float>()[j * bias->strides[0]]);
  }
  const float* const add = !bias ? nullptr : packed.empty() ? bias->as<float>() : packed.data();
  const View& kept = args.pre_activation ? *args.pre_activation : args.out;
  const Walk walk({&args.out, &kept}, false);
  parallel_ranges(walk.numel / n, rows_per_task(n), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      float* const row = reinterpret_cast<float*>(walk.at(0, r * n));
      float* const pre = args.pre_activation ? reinterpret_cast<float*>(walk.at(1, r * n)) : nullptr;
      kernels().epilogue(args.activation, row, add, pre, n);
    }
  });
}

}  // namespace

void CpuBackend::matmul(const MatmulArgs& args) {
  const Timed timed("matmul", "around the products");
  if (args.out.numel() == 0) return;
  const bool library_adds_bias =
      args.bias && args.activation == UnaryOp::identity && args.scale == 1 && args.bias->strides[0] == 1;
  if (args.a.shape[-1] == 0) {
    if (!args.accumulate) fill(args.out, 0);
    return finish(args, false);
  }
  Copies copies(*this);
  const bool is_row = args.out.shape[-2] == 1, is_column = args.out.shape[-1] == 1;
  View a = usable(with_batch_of(args.a, args.out), is_row, copies),
       b = usable(with_batch_of(args.b, args.out), is_column, copies);
  if (!run_all(args, a, b)) {
    a = usable(copies.of(a, DType::f32), is_row, copies);
    b = usable(copies.of(b, DType::f32), is_column, copies);
    run_all(args, a, b);
  }
  finish(args, library_adds_bias);
}

std::string gemm_description() { return fmt::format("oneDNN {}, OpenBLAS {}", onednn_version(), openblas_version()); }

}  // namespace thaw::cpu
