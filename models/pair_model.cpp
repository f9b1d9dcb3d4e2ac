// SPDX-License-Identifier: Apache-2.0
// Holds temperatures.
#include "models/pair_model.h"

#include <cmath>
#include <limits>

#include "tensor/ops.h"

namespace thaw {

void hold_logit_scale(const Parameter& logit_scale) {
  if (logit_scale.frozen()) return;
  const Tensor& value = logit_scale.value();
  value.copy_from(unary(UnaryOp::clamp, value, {.alpha = -std::numeric_limits<float>::max(), .beta = std::log(100.0)}));
}

}  // namespace thaw
