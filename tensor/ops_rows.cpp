// SPDX-License-Identifier: Apache-2.0
// Rows by index, and putting tensors side by side.
#include <algorithm>
#include <utility>
#include <vector>

#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// [T]: the segment of each row.
Indices segment_of_rows(const Segments& segments, Device device) {
  std::vector<int32_t> of_row;
  of_row.reserve(static_cast<size_t>(segments.total()));
  for (int64_t b = 0; b < segments.count(); ++b)
    of_row.insert(of_row.end(), static_cast<size_t>(segments.length(b)), static_cast<int32_t>(b));
  return {std::move(of_row), device};
}

// [B, 1]; 0 for an empty segment.
Tensor one_over_lengths(const Segments& segments, DType dtype, Device device) {
  std::vector<double> factors;
  for (int64_t b = 0; b < segments.count(); ++b)
    factors.push_back(segments.length(b) > 0 ? 1.0 / segments.length(b) : 0);
  return Tensor::from_host(factors, {segments.count(), 1}, device, dtype);
}

}  // namespace

Tensor gather_rows(const Tensor& table, const Indices& ids) {
  check_operand("gather_rows", "the table", table);
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
  check_operand("scatter_add_rows_", "the table", table);
  check_beside("scatter_add_rows_", table, "the source of rows", rows);
  check(table.rank() == 2 && rows.rank() == 2 && rows.size(0) == ids.size() && rows.size(1) == table.size(1),
        "scatter_add_rows_: {} rows {} into {}", ids.size(), rows.shape(), table.shape());
  if (rows.numel() == 0) return;
  count_launch("scatter_add_rows");
  table.backend().scatter_add_rows(table.view(), rows.view(), ids.view(), ids.host());
  table.mark_written();
}

Tensor concat(std::span<const Tensor> parts, int axis) {
  check(!parts.empty(), "concat: no tensors");
  for (const Tensor& part : parts) check_defined("concat", "a part", part);
  axis = normalized_axis(axis, parts[0].rank());
  Shape shape = parts[0].shape();
  shape[axis] = 0;
  for (const Tensor& part : parts) {
    check(part.dtype() == parts[0].dtype() && part.device() == parts[0].device(), "concat: {} on {} beside {} on {}",
          name_of(part.dtype()), part.device().name(), name_of(parts[0].dtype()), parts[0].device().name());
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

Tensor take_ranges(const Tensor& x, int axis, const RowRanges& ranges) {
  check_defined("take_ranges", "the input", x);
  axis = normalized_axis(axis, x.rank());
  check(ranges.end() <= x.size(axis), "take_ranges: rows {} of axis {} of {}", ranges.to_text(), axis, x.shape());
  if (ranges.empty()) return x.slice(axis, 0, 0);
  std::vector<Tensor> parts;
  for (const RowRanges::Range& range : ranges.ranges()) parts.push_back(x.slice(axis, range.begin, range.end));
  return parts.size() == 1 ? parts[0] : concat(parts, axis);
}

void put_ranges_(const Tensor& x, const RowRanges& ranges, const Tensor& rows) {
  check_beside("put_ranges_", x, "the source of rows", rows);
  check(x.rank() > 0 && x.rank() == rows.rank() && ranges.end() <= x.size(0) && rows.size(0) == ranges.count(),
        "put_ranges_: {} as rows {} of {}", rows.shape(), ranges.to_text(), x.shape());
  int64_t place = 0;
  for (const RowRanges::Range& range : ranges.ranges()) {
    x.slice(0, range.begin, range.end).copy_from(rows.slice(0, place, place + range.size()));
    place += range.size();
  }
}

Tensor mean_segments(const Tensor& x, const Segments& segments) {
  check_operand("mean_segments", "the input", x);
  check(segments.defined() && x.rank() == 2 && x.size(0) == segments.total(), "mean_segments: {} for {}", x.shape(),
        segments.defined() ? fmt::format("segments of {} tokens", segments.total()) : "undefined segments");
  const Tensor sums = Tensor::zeros({segments.count(), x.size(1)}, x.dtype(), x.device());
  scatter_add_rows_(sums, x, segment_of_rows(segments, x.device()));
  return mul(sums, one_over_lengths(segments, x.dtype(), x.device()));
}

Tensor mean_segments_backward(const Tensor& dy, const Segments& segments) {
  check(dy.rank() == 2 && dy.size(0) == segments.count(), "mean_segments: gradient {} for {} segments", dy.shape(),
        segments.count());
  return gather_rows(mul(dy, one_over_lengths(segments, dy.dtype(), dy.device())),
                     segment_of_rows(segments, dy.device()));
}

}  // namespace thaw
