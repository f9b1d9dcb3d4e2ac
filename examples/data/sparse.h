// SPDX-License-Identifier: Apache-2.0
// Sparse rows, as bags of words make them.
#pragma once

#include <vector>

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

}  // namespace thaw
