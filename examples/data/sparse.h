// SPDX-License-Identifier: Apache-2.0
// Sparse rows, as bags of words make them.
#pragma once

#include <cstddef>
#include <vector>

#include "tensor/io/npy.h"

namespace thaw {

struct SparseEntry {
  int column = 0;
  double value = 0;
};

// One list of entries a row, ordered by column.
struct SparseMatrix {
  int columns = 0;
  std::vector<std::vector<SparseEntry>> rows;
};

// Rows of numbers in this form: those of the array named by `rows`, or all of them.
SparseMatrix sparse_rows(const NpyArray& array, const std::vector<size_t>& rows);
SparseMatrix sparse_rows(const NpyArray& array);

}  // namespace thaw
