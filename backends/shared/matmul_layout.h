// SPDX-License-Identifier: Apache-2.0
// How the views of a product reach a library that takes strided matrices: what must be copied before, which batch axes
// fold into one product, and whether a frozen weight is worth a packed copy. The cpu device does it, the dry one counts
// it.
#pragma once

#include <array>
#include <cstdint>

#include "tensor/view.h"

namespace thaw {

// The strides of a matrix as libraries take them: one of them 1, the other at least the length of a line. Along an axis
// of size 1, whose stride means nothing, they become those of a dense matrix: libraries may not know that it means
// nothing. False: the matrix must be copied.
bool usable_strides(int64_t rows, int64_t columns, int64_t& row, int64_t& column);

// `view` with the rank of out; batch axes that are absent or of size 1 are repeated with stride 0.
View with_batch_of(const View& view, const View& out);

// Makes the strides of the matrices usable; false where only a copy can. A vector may have any stride.
bool make_usable(View& view, bool is_vector);

// The contiguous copy of `view`: what is repeated along batch axes is there once. Its block is still to be had.
View contiguous_copy(const View& view, DType dtype);
// That copy with the shape and the repeated axes of `view`, its strides usable.
View repeated_as(View copy, const View& view);

// Strides in elements; a batch stride of 0 shares one matrix.
struct MatrixStrides {
  int64_t row = 0, column = 0, batch = 0;
};

// out[i] = a[i] b[i] for i < batch, and that once more for each of the outer axes, which do not fold.
struct FoldedProduct {
  struct Axis {
    int64_t size = 1, out = 0, a = 0, b = 0;
  };
  int64_t m = 0, n = 0, k = 0, batch = 1;
  MatrixStrides a, b;
  int64_t out_row = 0, out_batch = 0;
  int outer_rank = 0;
  std::array<Axis, Shape::max_rank> outer{};

  int64_t pieces() const;  // products along the outer axes
  // Where a piece begins, from the views' own beginnings.
  Axis offsets(int64_t piece) const;
};

// Of views with the rank of out and usable strides. Matrices of a that share b and follow each other become one.
FoldedProduct fold(const View& out, const View& a, const View& b);

// Products with few columns of f32 that libraries make of tiles mostly empty: a line of sums a row, where a's rows and
// few vectors are long; b^T a instead of a^T b, where a has many columns. Sizes and strides alone decide.
bool has_thin_rows(const FoldedProduct& product);
bool is_thin_turned(const FoldedProduct& product);

// Whether a copy of b in a library's own layout serves the whole product.
bool packs_b(const FoldedProduct& product);

}  // namespace thaw
