// SPDX-License-Identifier: Apache-2.0
// The norm over all gradients, and the factor that brings it down.
#include "nn/optim/clip.h"

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {

GradientNorm clip_gradients(const ParameterStore& store, double max_norm) {
  check(max_norm >= 0, "clipping: the largest norm {} must not be negative", max_norm);
  std::vector<Tensor> gradients;
  for (const Parameter& p : store.all())
    if (const Tensor g = p.frozen() ? Tensor() : p.variable().grad(); g.defined()) gradients.push_back(g);
  GradientNorm result;
  if (gradients.empty()) {
    result.norm = Tensor::zeros({}, store.dtype(), store.device());
  } else {
    result.norm = unary(UnaryOp::sqrt, sum_squares(gradients));
  }
  if (max_norm > 0) {
    const Tensor largest = Tensor::full({}, max_norm, store.dtype(), store.device());
    const Tensor one = Tensor::full({}, 1, store.dtype(), store.device());
    result.scale = binary(BinaryOp::min, one, div(largest, affine(result.norm, 1, 1e-6)));
  }
  return result;
}

}  // namespace thaw
