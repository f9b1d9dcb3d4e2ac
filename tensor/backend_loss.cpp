// SPDX-License-Identifier: Apache-2.0
// Default bodies of cross-entropy (CrossEntropyArgs, CrossEntropyBackwardArgs). T rows, V classes; per-row numbers are
// columns [T, 1].
#include <vector>

#include "tensor/backend.h"
#include "tensor/counters.h"
#include "tensor/scratch.h"

namespace thaw {
namespace {

// 1 where the class is the row's target, else 0: [T, V]. Classes are compared as floating numbers: exact below 2^24 of
// them.
View is_target(Scratch& scratch, const View& targets, int64_t classes) {
  std::vector<double> all;
  for (int64_t v = 0; v < classes; ++v) all.push_back(static_cast<double>(v));
  return scratch.binary(BinaryOp::equal, targets, scratch.numbers(all, {classes}));
}

View is_ignored(Scratch& scratch, const View& targets, int32_t ignore) {
  return scratch.binary(BinaryOp::equal, targets, scratch.number(ignore));
}

}  // namespace

void Backend::cross_entropy(const CrossEntropyArgs& args) {
  count_default_body("cross_entropy");
  Scratch scratch(*this, args.logits.dtype);
  const View targets = scratch.cast(args.targets).unsqueeze(-1);
  const View largest = scratch.reduce(ReduceOp::max, args.logits, -1);
  const View z = scratch.binary(BinaryOp::sub, args.logits, largest);
  const View log_sum = scratch.unary(UnaryOp::log, scratch.reduce(ReduceOp::sum, scratch.unary(UnaryOp::exp, z), -1));
  if (args.lse) copy(*args.lse, scratch.binary(BinaryOp::add, largest, log_sum).squeeze(-1));
  // logp = z - log_sum, so loss = log_sum - (1 - smoothing) z[target] - smoothing mean(z).
  const double smoothing = static_cast<double>(args.smoothing);
  const View at_target =
      scratch.reduce(ReduceOp::sum, scratch.where(is_target(scratch, targets, z.shape[1]), z, scratch.number(0)), -1);
  View loss =
      scratch.binary(BinaryOp::sub, log_sum, scratch.binary(BinaryOp::mul, at_target, scratch.number(1 - smoothing)));
  if (smoothing > 0)
    loss = scratch.binary(BinaryOp::sub, loss,
                          scratch.binary(BinaryOp::mul, scratch.mean(z, -1), scratch.number(smoothing)));
  copy(args.losses, scratch.where(is_ignored(scratch, targets, args.ignore), scratch.number(0), loss).squeeze(-1));
}

void Backend::cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  count_default_body("cross_entropy_backward");
  Scratch scratch(*this, args.logits.dtype);
  const View targets = scratch.cast(args.targets).unsqueeze(-1);
  const int64_t classes = args.logits.shape[1];
  const double smoothing = static_cast<double>(args.smoothing);
  const View p = scratch.unary(UnaryOp::exp, scratch.binary(BinaryOp::sub, args.logits, args.lse.unsqueeze(-1)));
  const View wanted = scratch.binary(
      BinaryOp::add, scratch.binary(BinaryOp::mul, is_target(scratch, targets, classes), scratch.number(1 - smoothing)),
      scratch.number(smoothing / static_cast<double>(classes)));
  const View d = scratch.binary(BinaryOp::mul, scratch.binary(BinaryOp::sub, p, wanted), args.dlosses.unsqueeze(-1));
  copy(args.dlogits, scratch.where(is_ignored(scratch, targets, args.ignore), scratch.number(0), d));
}

}  // namespace thaw
