// SPDX-License-Identifier: Apache-2.0
// Cuts texts behind the rows that are read.
#include "models/read_rows.h"

#include <utility>

namespace thaw {

ReadRows::ReadRows(const Segments& all, const std::vector<int32_t>& ends) {
  std::vector<int32_t> lengths, rows, at;
  for (int64_t b = 0; b < all.count(); ++b) {
    const int32_t end = ends[static_cast<size_t>(b)];
    lengths.push_back(end + 1 - all.begin(b));
    for (int32_t row = all.begin(b); row <= end; ++row) rows.push_back(row);
    at.push_back(static_cast<int32_t>(rows.size()) - 1);
  }
  const Device device = all.offsets().device().device();
  if (std::ssize(rows) < all.total()) seen = Indices(std::move(rows), device);
  segments = Segments(lengths, device);
  last = Indices(std::move(at), device);
  one_each = Segments(std::vector<int32_t>(ends.size(), 1), device);
}

}  // namespace thaw
