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
#include "backends/shared/matmul_layout.h"
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

  // A contiguous copy of `view` (its repeated batch axes stay repeated) of the given type.
  View of(const View& view, DType dtype) {
    View copy = contiguous_copy(view, dtype);
    View once = view;
    once.shape = copy.shape;
    blocks_.push_back(backend_.allocate(static_cast<size_t>(copy.numel()) * size_of(dtype)));
    copy.block = blocks_.back();
    backend_.copy(copy, once);
    return repeated_as(copy, view);
  }

 private:
  CpuBackend& backend_;
  std::vector<Block*> blocks_;
};

// `view` with the strides of its matrices made usable; a copy where that cannot be.
View usable(View view, bool is_vector, Copies& copies) {
  return make_usable(view, is_vector) ? view : copies.of(view, view.dtype);
}

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

FoldedProduct shape_of(const Gemm& gemm) {
  FoldedProduct shape;
  shape.m = gemm.m, shape.n = gemm.n, shape.k = gemm.k, shape.batch = gemm.batch;
  shape.a = {gemm.a.row, gemm.a.column, gemm.a.batch};
  shape.b = {gemm.b.row, gemm.b.column, gemm.b.batch};
  return shape;
}

// All matrices of one product, whose types the libraries may lack: then false, and nothing is done.
bool run(const Gemm& gemm) {
  Timed timed("matmul", how_of(gemm));
  if (gemm.m == 1 || gemm.n == 1) {
    timed.ran("own loops, a vector");
    vector_gemm(gemm);
    return true;
  }
  const bool f32_only = gemm.a.dtype == DType::f32 && gemm.b.dtype == DType::f32;
  const FoldedProduct shape = shape_of(gemm);
  if (f32_only && has_thin_rows(shape)) {
    timed.ran("own loops, thin rows");
    thin_rows_gemm(gemm);
    return true;
  }
  if (f32_only && is_thin_turned(shape)) {
    thin_turned_gemm(gemm, run);
    return true;
  }
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
  const FoldedProduct product = fold(args.out, a, b);
  Gemm gemm;
  gemm.batch = product.batch;
  gemm.m = product.m;
  gemm.n = product.n;
  gemm.k = product.k;
  gemm.a = {nullptr, product.a.row, product.a.column, product.a.batch, a.dtype};
  gemm.b = {nullptr, product.b.row, product.b.column, product.b.batch, b.dtype};
  gemm.out_row = product.out_row;
  gemm.out_batch = product.out_batch;
  gemm.scale = static_cast<float>(args.scale);
  gemm.accumulate = args.accumulate;
  if (args.bias && args.activation == UnaryOp::identity && args.scale == 1 && args.bias->strides[0] == 1)
    gemm.bias = args.bias->as<float>();
  if (args.constant_b && b.block == args.b.block && packs_b(product)) gemm.constant_b = &args.b;
  const auto item = static_cast<int64_t>(size_of(a.dtype));
  for (int64_t piece = 0; piece < product.pieces(); ++piece) {
    const FoldedProduct::Axis begin = product.offsets(piece);
    gemm.out = args.out.as<float>() + begin.out;
    gemm.a.data = static_cast<const char*>(a.block->data) + (a.offset + begin.a) * item;
    gemm.b.data = static_cast<const char*>(b.block->data) + (b.offset + begin.b) * item;
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
    a = copies.of(a, DType::f32);
    b = copies.of(b, DType::f32);
    run_all(args, a, b);
  }
  finish(args, library_adds_bias);
}

// With AVX-512 oneDNN's kernels sum over K in the same order for every number of rows but one (which has loops of its
// own), on any number of threads: a test looks at it. Those for AVX2 and OpenBLAS's do not.
bool CpuBackend::rows_are_independent() const { return kernels().isa == std::string_view("v4") && !prefers_openblas(); }

std::string gemm_description() { return fmt::format("oneDNN {}, OpenBLAS {}", onednn_version(), openblas_version()); }

}  // namespace thaw::cpu
