// SPDX-License-Identifier: Apache-2.0
// Rows by index.
#include "autograd/functions.h"
#include "autograd/tape.h"

namespace thaw {
namespace {

// grad (+)= rows of dy, added to the rows of their ids, in the order of ids. Only rows [begin, end) of the table are
// wanted.
void add_rows(const Tensor& dy, const Indices& ids, int64_t begin, int64_t end, Tensor& grad) {
  if (!grad.defined()) grad = Tensor::zeros({end - begin, dy.size(1)}, dy.dtype(), dy.device());
  if (begin == 0) return scatter_add_rows_(grad, dy, ids);
  std::vector<int32_t> shifted(ids.host().begin(), ids.host().end());
  for (int32_t& id : shifted) id -= static_cast<int32_t>(begin);
  scatter_add_rows_(grad, dy, Indices(std::move(shifted), dy.device()));
}

Variable gather(const char* op, const Variable& table, const Indices& ids) {
  Tensor rows = gather_rows(table.value(), ids);
  const auto [row_begin, row_end] = gradient_rows(table);
  return record(op, rows, {add_grad_to(table, [ids, begin = row_begin, end = row_end](const Tensor& dy, Tensor& grad) {
                  add_rows(dy, ids, begin, end, grad);
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
