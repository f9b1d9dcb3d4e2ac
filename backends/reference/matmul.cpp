// SPDX-License-Identifier: Apache-2.0
// Matrix products with their epilogue: three loops, sums in double.
#include <vector>

#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"
#include "backends/shared/half.h"
#include "backends/shared/pointwise.h"

namespace thaw {
namespace {

// Element `offset` of the memory that a view begins at.
double element(const View& view, int64_t offset) {
  switch (view.dtype) {
    case DType::f64: return view.as<double>()[offset];
    case DType::f32: return static_cast<double>(view.as<float>()[offset]);
    case DType::bf16: return static_cast<double>(half::from_bf16(view.as<uint16_t>()[offset]));
    case DType::f16: return static_cast<double>(half::from_f16(view.as<uint16_t>()[offset]));
    default: check(false, "reference: matmul of {}", name_of(view.dtype)); return 0;
  }
}

// The matrix [rows, columns] that begins at `offset` of `view`, row-major.
std::vector<double> matrix_of(const View& view, int64_t offset) {
  const int64_t rows = view.shape[-2], columns = view.shape[-1];
  std::vector<double> matrix;
  matrix.reserve(static_cast<size_t>(rows * columns));
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      matrix.push_back(element(view, offset + i * view.strides[-2] + j * view.strides[-1]));
  return matrix;
}

// Batch strides of an operand, in the rank of out's batch axes: 0 where it is shared.
Strides batch_strides(const View& operand, const Shape& batch) {
  const int own = operand.rank() - 2;
  Strides strides = Shape::of_rank(batch.rank(), 0);
  for (int i = 1; i <= own; ++i)
    if (operand.shape[-2 - i] != 1) strides[-i] = operand.strides[-2 - i];
  return strides;
}

float activated(UnaryOp op, float x) { return f32::unary_value(op, x, 1, 0); }
double activated(UnaryOp op, double x) { return f64::unary_value(op, x, 1, 0); }

// One row of out: `sums` is row i of a b; `to` and `kept` begin at its first element.
template <typename T>
void finish_row(const MatmulArgs& args, const std::vector<double>& sums, T* to, T* kept) {
  for (size_t j = 0; j < sums.size(); ++j) {
    double sum = args.scale * sums[j];
    if (args.bias) sum += element(*args.bias, static_cast<int64_t>(j) * args.bias->strides[0]);
    if (args.accumulate) sum += static_cast<double>(to[j]);
    const T value = static_cast<T>(sum);
    if (kept) kept[j] = value;
    to[j] = args.accumulate ? value : activated(args.activation, value);
  }
}

}  // namespace

void ReferenceBackend::matmul(const MatmulArgs& args) {
  const int64_t m = args.out.shape[-2], n = args.out.shape[-1], k = args.a.shape[-1];
  const Shape batch(std::span<const int64_t>(args.out.shape.begin(), static_cast<size_t>(args.out.rank() - 2)));
  const View& kept = args.pre_activation ? *args.pre_activation : args.out;
  std::vector<double> sums(static_cast<size_t>(n));
  reference::with_float_type(args.out.dtype, [&](auto type) {
    using T = decltype(type);
    const std::array<Strides, 4> strides{batch_strides(args.out, batch), batch_strides(kept, batch),
                                         batch_strides(args.a, batch), batch_strides(args.b, batch)};
    reference::for_each_element<4>(batch, strides, [&](const auto& at) {
      const std::vector<double> b = matrix_of(args.b, at[3]);
      for (int64_t i = 0; i < m; ++i) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (int64_t l = 0; l < k; ++l) {
          const double factor = element(args.a, at[2] + i * args.a.strides[-2] + l * args.a.strides[-1]);
          const double* row = b.data() + l * n;
          for (int64_t j = 0; j < n; ++j) sums[static_cast<size_t>(j)] += factor * row[j];
        }
        T* kept_row = args.pre_activation ? kept.as<T>() + at[1] + i * kept.strides[-2] : nullptr;
        finish_row(args, sums, args.out.as<T>() + at[0] + i * args.out.strides[-2], kept_row);
      }
    });
  });
}

}  // namespace thaw
