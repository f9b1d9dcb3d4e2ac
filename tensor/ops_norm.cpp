// SPDX-License-Identifier: Apache-2.0
// Layer norm and RMS norm, with the dropout and the residual that come before them.
#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

const View* view_or_null(const Tensor& t) { return t.defined() ? &t.view() : nullptr; }

// [..., C] as [rows, C], contiguous.
Tensor as_rows(const Tensor& x) {
  return x.contiguous().reshape({x.numel() / std::max<int64_t>(1, x.size(-1)), x.size(-1)});
}

}  // namespace

NormResult norm(const Tensor& x, const Tensor& residual, const Tensor& weight, const Tensor& bias, const Norm& options,
                bool keep) {
  check_operand("norm", "the input", x);
  check(x.rank() >= 1, "norm: a tensor without axes");
  const int64_t channels = x.size(-1);
  for (const auto& [name, t] : {std::pair("the residual", &residual), {"the weight", &weight}, {"the bias", &bias}})
    if (t->defined()) check_beside("norm", x, name, *t);
  if (residual.defined()) check(residual.shape() == x.shape(), "norm: residual {} for {}", residual.shape(), x.shape());
  for (const Tensor* t : {&weight, &bias})
    if (t->defined())
      check(t->rank() == 1 && t->size(0) == channels, "norm: weight or bias {} for {}", t->shape(), x.shape());
  const Tensor rows = as_rows(x);
  const Tensor residual_rows = residual.defined() ? as_rows(residual) : Tensor();
  NormResult result;
  result.y = Tensor::empty(rows.shape(), x.dtype(), x.device());
  const bool sums = residual.defined() || options.dropout.probability > 0;
  if (keep) {
    result.sum = sums ? Tensor::empty(rows.shape(), x.dtype(), x.device()) : rows;
    if (options.kind == NormKind::layer) result.mean = Tensor::empty({rows.size(0)}, x.dtype(), x.device());
    result.rstd = Tensor::empty({rows.size(0)}, x.dtype(), x.device());
  }
  if (x.numel() > 0) {
    NormArgs args;
    args.kind = options.kind;
    args.y = result.y.view();
    args.x = rows.view();
    args.residual = view_or_null(residual_rows);
    args.dropout = options.dropout;
    args.weight = view_or_null(weight);
    args.bias = view_or_null(bias);
    args.eps = options.eps;
    args.sum = keep && sums ? &result.sum.view() : nullptr;
    args.mean = view_or_null(result.mean);
    args.rstd = view_or_null(result.rstd);
    count_launch("norm");
    x.backend().norm(args);
  }
  result.y = result.y.reshape(x.shape());
  return result;
}

NormGradients norm_backward(const Tensor& dy, const NormResult& kept, const Tensor& weight, const Norm& options,
                            NormWanted wanted) {
  check_operand("norm_backward", "the gradient", dy);
  const Tensor dy_rows = as_rows(dy);
  check(dy_rows.shape() == kept.sum.shape(), "norm_backward: gradient {} for {}", dy.shape(), kept.sum.shape());
  const Shape& rows = kept.sum.shape();
  const auto make = [&](bool want, const Shape& shape) {
    return want ? Tensor::empty(shape, dy.dtype(), dy.device()) : Tensor();
  };
  const bool dropped = options.dropout.probability > 0;
  NormGradients g;
  // Without dropout dx and dresidual are one tensor.
  g.residual = make(wanted.residual || (wanted.x && !dropped), rows);
  g.x = make(wanted.x && dropped, rows);
  g.weight = make(wanted.weight, {rows[-1]});
  g.bias = make(wanted.bias, {rows[-1]});
  NormBackwardArgs args;
  args.kind = options.kind;
  args.dy = dy_rows.view();
  args.s = kept.sum.view();
  args.weight = view_or_null(weight);
  args.mean = view_or_null(kept.mean);
  args.rstd = view_or_null(kept.rstd);
  args.dropout = options.dropout;
  args.dx = view_or_null(g.x);
  args.dresidual = view_or_null(g.residual);
  args.dweight = view_or_null(g.weight);
  args.dbias = view_or_null(g.bias);
  count_launch("norm_backward");
  dy.backend().norm_backward(args);
  if (g.residual.defined()) g.residual = g.residual.reshape(dy.shape());
  if (g.x.defined()) g.x = g.x.reshape(dy.shape());
  if (wanted.x && !dropped) g.x = g.residual;
  if (!wanted.residual) g.residual = {};
  return g;
}

}  // namespace thaw
