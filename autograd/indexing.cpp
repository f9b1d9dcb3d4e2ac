// SPDX-License-Identifier: Apache-2.0
// Rows by index.
#include "autograd/functions.h"
#include "autograd/tape.h"

namespace thaw {
namespace {

// Where the rows of ids lie among those that are wanted; -1, which scatter_add_rows_ leaves out, for others.
Indices places_of(const Indices& ids, const RowRanges& wanted, Device device) {
  std::vector<int32_t> places;
  places.reserve(ids.host().size());
  for (const int32_t id : ids.host()) places.push_back(static_cast<int32_t>(wanted.place_of(id).value_or(-1)));
  return Indices(std::move(places), device);
}

// grad (+)= rows of dy, added to the rows of their ids, in the order of ids. Only some rows of the table are wanted.
void add_rows(const Tensor& dy, const Indices& ids, const RowRanges& wanted, Tensor& grad) {
  if (!grad.defined()) grad = Tensor::zeros({wanted.count(), dy.size(1)}, dy.dtype(), dy.device());
  const bool from_first = wanted.ranges().size() == 1 && wanted.ranges()[0].begin == 0;
  scatter_add_rows_(grad, dy, from_first ? ids : places_of(ids, wanted, dy.device()));
}

Variable gather(const char* op, const Variable& table, const Indices& ids) {
  Tensor rows = gather_rows(table.value(), ids);
  return record(op, rows, {add_grad_to(table, [ids, wanted = gradient_rows(table)](const Tensor& dy, Tensor& grad) {
                  add_rows(dy, ids, wanted, grad);
                })});
}

}  // namespace

Variable embedding(const Variable& table, const Indices& ids) { return gather("embedding", table, ids); }
Variable take_rows(const Variable& x, const Indices& rows) { return gather("take_rows", x, rows); }

Variable mean_segments(const Variable& x, const Segments& segments) {
  return record("mean_segments", mean_segments(x.value(), segments),
                {grad_to(x, [segments](const Tensor& dy) { return mean_segments_backward(dy, segments); })});
}

}  // namespace thaw
