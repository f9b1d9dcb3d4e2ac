// SPDX-License-Identifier: Apache-2.0
// Clipping by the norm over all gradients (Pascanu et al. 2013).
#pragma once

#include "nn/parameter.h"

namespace thaw {

struct GradientNorm {
  Tensor norm;   // []: sqrt(sum of the squares of all gradients)
  Tensor scale;  // []: min(1, max_norm / (norm + 1e-6)); undefined if max_norm is 0
};

// Both stay on the device: nothing waits. The gradients themselves are not changed; Optimizer::step takes the scale.
// Parameters without a gradient count 0.
GradientNorm clip_gradients(const ParameterStore& store, double max_norm);

}  // namespace thaw
