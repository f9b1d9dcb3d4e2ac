// SPDX-License-Identifier: Apache-2.0
// Cross-entropy.
#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

void check_slopes(const Tensor& dlosses, const Tensor& logits) {
  check_operand("cross_entropy_backward", "the gradient", dlosses);
  check_beside("cross_entropy_backward", dlosses, "the tensor of logits", logits);
  check(dlosses.rank() == 1 && dlosses.size(0) == logits.size(0), "cross_entropy_backward: gradient {} for {} rows",
        dlosses.shape(), logits.size(0));
}

// dlogits may be the logits themselves.
void launch_backward(const Tensor& dlogits, const Tensor& logits, const Tensor& dlosses, const Tensor& lse,
                     const Indices& targets, const CrossEntropy& options) {
  if (logits.numel() == 0) return;
  CrossEntropyBackwardArgs args;
  args.dlogits = dlogits.view();
  args.logits = logits.view();
  args.lse = lse.view();
  args.targets = targets.view();
  args.dlosses = dlosses.view();
  args.ignore = options.ignore;
  args.smoothing = options.smoothing;
  count_launch("cross_entropy_backward");
  logits.backend().cross_entropy_backward(args);
}

}  // namespace

CrossEntropyResult cross_entropy(const Tensor& logits, const Indices& targets, const CrossEntropy& options, bool keep) {
  check_operand("cross_entropy", "the tensor of logits", logits);
  check(logits.rank() == 2 && logits.size(0) == targets.size(), "cross_entropy: logits {} for {} targets",
        logits.shape(), targets.size());
  const std::span<const int32_t> host = targets.host();
  for (size_t t = 0; t < host.size(); ++t)
    check(host[t] == options.ignore || (host[t] >= 0 && host[t] < logits.size(1)),
          "cross_entropy: target {} of row {} is not in [0, {})", host[t], t, logits.size(1));
  const Tensor dense = logits.contiguous();
  CrossEntropyResult result;
  if (logits.numel() == 0) return {Tensor::zeros({targets.size()}, logits.dtype(), logits.device()), {}};
  result.losses = Tensor::empty({targets.size()}, logits.dtype(), logits.device());
  if (keep) result.lse = Tensor::empty({targets.size()}, logits.dtype(), logits.device());
  CrossEntropyArgs args;
  args.losses = result.losses.view();
  args.logits = dense.view();
  args.targets = targets.view();
  args.ignore = options.ignore;
  args.smoothing = options.smoothing;
  args.lse = keep ? &result.lse.view() : nullptr;
  count_launch("cross_entropy");
  logits.backend().cross_entropy(args);
  return result;
}

Tensor cross_entropy_backward(const Tensor& dlosses, const Tensor& logits, const Tensor& lse, const Indices& targets,
                              const CrossEntropy& options) {
  check_slopes(dlosses, logits);
  const Tensor dlogits = Tensor::empty(logits.shape(), logits.dtype(), logits.device());
  launch_backward(dlogits, logits.contiguous(), dlosses, lse, targets, options);
  return dlogits;
}

void cross_entropy_backward_(const Tensor& logits, const Tensor& dlosses, const Tensor& lse, const Indices& targets,
                             const CrossEntropy& options) {
  check_slopes(dlosses, logits);
  check(logits.is_contiguous(), "cross_entropy_backward_: logits {} are not contiguous", logits.shape());
  launch_backward(logits, logits, dlosses, lse, targets, options);
  logits.mark_written();
}

}  // namespace thaw
