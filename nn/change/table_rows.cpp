// SPDX-License-Identifier: Apache-2.0
// Copies runs of neighbouring rows.
#include "nn/change/table_rows.h"

namespace thaw {
namespace {

// Calls f(first, end, place) for each run of neighbouring rows; `place` is that of the first in the list.
template <typename F>
void for_each_run(const std::vector<int64_t>& rows, F f) {
  for (size_t i = 0; i < rows.size();) {
    size_t end = i + 1;
    while (end < rows.size() && rows[end] == rows[end - 1] + 1) ++end;
    f(rows[i], rows[end - 1] + 1, static_cast<int64_t>(i));
    i = end;
  }
}

}  // namespace

void write_rows(const Tensor& table, const std::vector<int64_t>& rows, const Tensor& values) {
  for_each_run(rows, [&](int64_t begin, int64_t end, int64_t place) {
    table.slice(0, begin, end).copy_from(values.slice(0, place, place + end - begin));
  });
}

Tensor copy_of_rows(const Tensor& table, const std::vector<int64_t>& rows) {
  Shape shape = table.shape();
  shape[0] = static_cast<int64_t>(rows.size());
  Tensor copy = Tensor::empty(shape, table.dtype(), table.device());
  for_each_run(rows, [&](int64_t begin, int64_t end, int64_t place) {
    copy.slice(0, place, place + end - begin).copy_from(table.slice(0, begin, end));
  });
  return copy;
}

}  // namespace thaw
