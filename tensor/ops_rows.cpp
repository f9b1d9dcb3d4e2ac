// SPDX-License-Identifier: Apache-2.0
// Rows by index, and putting tensors side by side.
#include <algorithm>

#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/ops.h"

namespace thaw {

Tensor gather_rows(const Tensor& table, const Indices& ids) {
  check(table.rank() == 2, "gather_rows: table {} is not [rows, channels]", table.shape());
  const int64_t rows = table.size(0);
  const std::span<const int32_t> host = ids.host();
  for (size_t t = 0; t < host.size(); ++t)
    check(host[t] >= 0 && host[t] < rows, "gather_rows: id {} at position {} is not in [0, {})", host[t], t, rows);
  const Tensor dense = table.view().has_dense_rows() ? table : table.contiguous();
  Tensor out = Tensor::empty({ids.size(), table.size(1)}, table.dtype(), table.device());
  if (out.numel() == 0) return out;
  count_launch("gather_rows");
  table.backend().gather_rows(out.view(), dense.view(), ids.view());
  return out;
}

void scatter_add_rows_(const Tensor& table, const Tensor& rows, const Indices& ids) {
  check(table.rank() == 2 && rows.rank() == 2 && rows.size(0) == ids.size() && rows.size(1) == table.size(1),
        "scatter_add_rows_: {} rows {} into {}", ids.size(), rows.shape(), table.shape());
  if (rows.numel() == 0) return;
  count_launch("scatter_add_rows");
  table.backend().scatter_add_rows(table.view(), rows.view(), ids.view(), ids.host());
  table.mark_written();
}

Tensor concat(std::span<const Tensor> parts, int axis) {
  check(!parts.empty(), "concat: no tensors");
  axis = normalized_axis(axis, parts[0].rank());
  Shape shape = parts[0].shape();
  shape[axis] = 0;
  for (const Tensor& part : parts) {
    check(part.rank() == shape.rank(), "concat: {} beside {}", part.shape(), parts[0].shape());
    for (int i = 0; i < shape.rank(); ++i)
      check(i == axis || part.size(i) == shape[i], "concat: {} beside {}", part.shape(), parts[0].shape());
    shape[axis] += part.size(axis);
  }
  Tensor out = Tensor::empty(shape, parts[0].dtype(), parts[0].device());
  int64_t begin = 0;
  for (const Tensor& part : parts) {
    if (part.numel() > 0) {
      count_launch("copy");
      out.backend().copy(out.slice(axis, begin, begin + part.size(axis)).view(), part.view());
    }
    begin += part.size(axis);
  }
  return out;
}

}  // namespace thaw
