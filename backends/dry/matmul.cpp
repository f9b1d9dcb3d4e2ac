// SPDX-License-Identifier: Apache-2.0
// Products: FLOPs, and what the cpu device copies for them (backends/cpu/matmul.cpp).
#include "backends/dry/dry_backend.h"

namespace thaw {
namespace {

// A matrix whose rows or columns are consecutive; a vector may have any stride.
bool is_usable(const View& view, bool is_vector) {
  const int64_t rows = view.shape[-2], columns = view.shape[-1];
  const int64_t column = columns == 1 ? 1 : view.strides[-1];
  const int64_t row = rows > 1 ? view.strides[-2] : column == 1 ? columns : 1;
  return is_vector || (column == 1 && row >= columns) || (row == 1 && column >= rows);
}

// What is repeated along batch axes is copied once.
size_t copied_bytes(const View& view) {
  size_t bytes = size_of(view.dtype);
  for (int axis = 0; axis < view.rank(); ++axis)
    if (axis + 2 >= view.rank() || view.strides[axis] != 0) bytes *= static_cast<size_t>(view.shape[axis]);
  return bytes;
}

bool is_shared(const View& matrices) {
  for (int axis = 0; axis + 2 < matrices.rank(); ++axis)
    if (matrices.shape[axis] != 1 && matrices.strides[axis] != 0) return false;
  return true;
}

}  // namespace

void DryBackend::matmul(const MatmulArgs& args) {
  const int64_t m = args.out.shape[-2], n = args.out.shape[-1], k = args.a.shape[-1];
  const double flops = 2 * static_cast<double>(args.out.numel()) * static_cast<double>(k);
  tally("matmul", {&args.a, &args.b, args.bias, args.accumulate ? &args.out : nullptr},
        {&args.out, args.pre_activation}, flops);
  const bool a_usable = is_usable(args.a, m == 1), b_usable = is_usable(args.b, n == 1);
  workspace((a_usable ? 0 : copied_bytes(args.a)) + (b_usable ? 0 : copied_bytes(args.b)));
  if (args.constant_b && b_usable && m > 1 && n > 1 && is_shared(args.b)) pack(args.b);
}

}  // namespace thaw
