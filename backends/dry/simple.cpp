// SPDX-License-Identifier: Apache-2.0
// The primitive functions but the product: what they read and write.
#include "backends/dry/dry_backend.h"

namespace thaw {

void DryBackend::fill(const View& out, double) { tally("fill", {}, {&out}); }
void DryBackend::copy(const View& out, const View& in) { tally("copy", {&in}, {&out}); }
void DryBackend::unary(UnaryOp, const View& out, const View& x, UnaryParams) { tally("unary", {&x}, {&out}); }
void DryBackend::unary_backward(UnaryOp, const View& dx, const View& dy, const View& x, UnaryParams) {
  tally("unary_backward", {&dy, &x}, {&dx});
}
void DryBackend::binary(BinaryOp, const View& out, const View& a, const View& b) { tally("binary", {&a, &b}, {&out}); }
void DryBackend::where(const View& out, const View& condition, const View& a, const View& b) {
  tally("where", {&condition, &a, &b}, {&out});
}
void DryBackend::uniform(const View& out, RandomKey) { tally("uniform", {}, {&out}); }
void DryBackend::reduce(ReduceOp, const View& out, const View& in, double, bool accumulate) {
  tally("reduce", {&in, accumulate ? &out : nullptr}, {&out});
}
void DryBackend::argmax(const View& out, const View& in) { tally("argmax", {&in}, {&out}); }

// Of the tables, only the rows that are named.
void DryBackend::gather_rows(const View& out, const View& table, const View& ids) {
  const auto rows = static_cast<double>(out.numel()) * static_cast<double>(size_of(table.dtype));
  tally("gather_rows", {&ids}, {&out}, 0, {rows, 0});
}
void DryBackend::scatter_add_rows(const View&, const View& rows, const View& ids, std::span<const int32_t>) {
  const auto bytes = static_cast<double>(rows.numel()) * static_cast<double>(size_of(rows.dtype));
  tally("scatter_add_rows", {&rows, &ids}, {}, 0, {bytes, bytes});
}

void DryBackend::softmax(const View& y, const View& x) { tally("softmax", {&x}, {&y}); }
void DryBackend::softmax_backward(const View& dx, const View& dy, const View& y) {
  tally("softmax_backward", {&dy, &y}, {&dx});
}
void DryBackend::dropout(const View& out, const View& x, const View* residual, const Dropout&) {
  tally("dropout", {&x, residual}, {&out});
}

}  // namespace thaw
