// SPDX-License-Identifier: Apache-2.0
// Sparse rows of rows that are not.
#include "examples/data/sparse.h"

#include <numeric>

namespace thaw {

SparseMatrix sparse_rows(const NpyArray& array, const std::vector<size_t>& rows) {
  SparseMatrix matrix{static_cast<int>(array.columns), {}};
  const auto columns = static_cast<size_t>(array.columns);
  for (const size_t row : rows) {
    auto& entries = matrix.rows.emplace_back();
    for (size_t column = 0; column < columns; ++column)
      entries.push_back({static_cast<int>(column), static_cast<double>(array.values[row * columns + column])});
  }
  return matrix;
}

SparseMatrix sparse_rows(const NpyArray& array) {
  std::vector<size_t> all(static_cast<size_t>(array.rows));
  std::iota(all.begin(), all.end(), size_t{0});
  return sparse_rows(array, all);
}

}  // namespace thaw
