// SPDX-License-Identifier: Apache-2.0
// Strides of products.
#include "backends/shared/matmul_layout.h"

namespace thaw {
namespace {

// Matrices of a that share b and follow each other in a and out become one.
void join_rows(FoldedProduct& product) {
  if (product.batch == 1 || product.b.batch != 0) return;
  int64_t row = product.a.row, column = product.a.column;
  if (product.m == 1) {
    row = product.a.batch;  // rows of their own, one a matrix
    if (!usable_strides(product.batch, product.k, row, column)) return;
    product.out_row = product.out_batch;
  } else if (column != 1 || product.a.batch != product.m * row || product.out_batch != product.m * product.out_row) {
    return;
  }
  product.a.row = row;
  product.a.column = column;
  product.m *= product.batch;
  product.batch = 1;
}

}  // namespace

bool usable_strides(int64_t rows, int64_t columns, int64_t& row, int64_t& column) {
  if (columns == 1) column = 1;
  if (rows == 1) row = column == 1 ? columns : 1;
  return (column == 1 && row >= columns) || (row == 1 && column >= rows);
}

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

bool make_usable(View& view, bool is_vector) {
  if (is_vector) return true;
  int64_t row = view.strides[-2], column = view.strides[-1];
  if (!usable_strides(view.shape[-2], view.shape[-1], row, column)) return false;
  view.strides[-2] = row;
  view.strides[-1] = column;
  return true;
}

View contiguous_copy(const View& view, DType dtype) {
  View copy{nullptr, 0, view.shape, {}, dtype};
  for (int axis = 0; axis + 2 < view.rank(); ++axis)
    if (view.strides[axis] == 0) copy.shape[axis] = 1;
  copy.strides = contiguous_strides(copy.shape);
  return copy;
}

View repeated_as(View copy, const View& view) {
  copy.shape = view.shape;
  for (int axis = 0; axis + 2 < view.rank(); ++axis)
    if (view.strides[axis] == 0) copy.strides[axis] = 0;
  make_usable(copy, false);
  return copy;
}

int64_t FoldedProduct::pieces() const {
  int64_t count = 1;
  for (int axis = 0; axis < outer_rank; ++axis) count *= outer[static_cast<size_t>(axis)].size;
  return count;
}

FoldedProduct::Axis FoldedProduct::offsets(int64_t piece) const {
  Axis begin;
  for (int axis = outer_rank - 1; axis >= 0; --axis) {
    const Axis& along = outer[static_cast<size_t>(axis)];
    const int64_t at = piece % along.size;
    piece /= along.size;
    begin.out += at * along.out;
    begin.a += at * along.a;
    begin.b += at * along.b;
  }
  return begin;
}

// The batch axes are merged where their strides allow it; the last one left is the product's own.
FoldedProduct fold(const View& out, const View& a, const View& b) {
  FoldedProduct product;
  product.m = out.shape[-2];
  product.n = out.shape[-1];
  product.k = a.shape[-1];
  product.a = {a.strides[-2], a.strides[-1], 0};
  product.b = {b.strides[-2], b.strides[-1], 0};
  product.out_row = product.m > 1 ? out.strides[-2] : product.n;
  int rank = 0;
  for (int axis = 0; axis + 2 < out.rank(); ++axis) {
    const int64_t size = out.shape[axis];
    if (size == 1) continue;
    FoldedProduct::Axis now{size, out.strides[axis], a.strides[axis], b.strides[axis]};
    if (rank > 0) {
      const FoldedProduct::Axis& last = product.outer[static_cast<size_t>(rank - 1)];
      if (last.out == now.out * size && last.a == now.a * size && last.b == now.b * size) {
        --rank;
        now.size *= last.size;
      }
    }
    product.outer[static_cast<size_t>(rank++)] = now;
  }
  if (rank > 0) {
    const FoldedProduct::Axis& last = product.outer[static_cast<size_t>(rank - 1)];
    product.batch = last.size;
    product.out_batch = last.out;
    product.a.batch = last.a;
    product.b.batch = last.b;
    product.outer_rank = rank - 1;
  }
  join_rows(product);
  return product;
}

bool has_thin_rows(const FoldedProduct& product) {
  return product.batch == 1 && (product.n == 4 || product.n == 8) && product.k >= 64 && product.m > 1 &&
         product.a.column == 1;
}

bool is_thin_turned(const FoldedProduct& product) {
  return product.batch == 1 && product.n > 1 && product.n <= 32 && product.m >= 4 * product.n && product.a.row == 1 &&
         product.a.column != 1 && product.b.column == 1;
}

bool packs_b(const FoldedProduct& product) {
  return product.m > 1 && product.n > 1 && product.pieces() == 1 && (product.batch == 1 || product.b.batch == 0) &&
         !has_thin_rows(product) && !is_thin_turned(product);
}

}  // namespace thaw
