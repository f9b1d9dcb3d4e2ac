// SPDX-License-Identifier: Apache-2.0
// Default bodies of the norms (NormArgs, NormBackwardArgs). T tokens, C channels; statistics are columns [T, 1].
#include "tensor/backend.h"
#include "tensor/counters.h"
#include "tensor/scratch.h"

namespace thaw {

void Backend::norm(const NormArgs& args) {
  count_default_body("norm");
  Scratch scratch(*this, args.y.dtype);
  View s = args.x;
  if (args.residual || args.dropout.probability > 0) {
    s = args.sum ? *args.sum : scratch.empty(args.x.shape);
    dropout(s, args.x, args.residual, args.dropout);
  }
  View centred = s;
  if (args.kind == NormKind::layer) {
    const View mean = scratch.mean(s, -1);
    if (args.mean) copy(*args.mean, mean.squeeze(-1));
    centred = scratch.binary(BinaryOp::sub, s, mean);
  }
  const View variance = scratch.mean(scratch.unary(UnaryOp::square, centred), -1);
  const View rstd = scratch.unary(UnaryOp::rsqrt, scratch.binary(BinaryOp::add, variance, scratch.number(args.eps)));
  if (args.rstd) copy(*args.rstd, rstd.squeeze(-1));
  View y = scratch.binary(BinaryOp::mul, centred, rstd);
  if (args.weight) y = scratch.binary(BinaryOp::mul, y, *args.weight);
  if (args.bias) y = scratch.binary(BinaryOp::add, y, *args.bias);
  copy(args.y, y);
}

void Backend::norm_backward(const NormBackwardArgs& args) {
  count_default_body("norm_backward");
  Scratch scratch(*this, args.dy.dtype);
  const View rstd = args.rstd->unsqueeze(-1);
  View n = args.s;
  if (args.kind == NormKind::layer) n = scratch.binary(BinaryOp::sub, n, args.mean->unsqueeze(-1));
  n = scratch.binary(BinaryOp::mul, n, rstd);
  if (args.dbias) reduce(ReduceOp::sum, args.dbias->unsqueeze(0), args.dy, 1, false);
  if (args.dweight)
    reduce(ReduceOp::sum, args.dweight->unsqueeze(0), scratch.binary(BinaryOp::mul, args.dy, n), 1, false);
  if (!args.dx && !args.dresidual) return;
  const View g = args.weight ? scratch.binary(BinaryOp::mul, args.dy, *args.weight) : args.dy;
  View ds = scratch.binary(BinaryOp::sub, g,
                           scratch.binary(BinaryOp::mul, n, scratch.mean(scratch.binary(BinaryOp::mul, g, n), -1)));
  if (args.kind == NormKind::layer) ds = scratch.binary(BinaryOp::sub, ds, scratch.mean(g, -1));
  ds = scratch.binary(BinaryOp::mul, ds, rstd);
  if (args.dresidual) copy(*args.dresidual, ds);
  if (args.dx) dropout(*args.dx, ds, nullptr, args.dropout);
}

}  // namespace thaw
