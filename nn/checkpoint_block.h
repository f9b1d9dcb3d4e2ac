// SPDX-License-Identifier: Apache-2.0
// A block of a model that keeps only its input for the gradient, and computes itself again (Chen et al. 2016).
#pragma once

#include <functional>
#include <vector>

#include "autograd/functions.h"
#include "nn/scope.h"

namespace thaw {

// f(x); if `on`, nothing of what f computes on the way is kept: backward runs f again, with the dropout of the block's
// store as it was.
inline Variable checkpoint_block(bool on, const Scope& scope, const Variable& x,
                                 const std::function<Variable(const Variable&)>& f) {
  if (!on) return f(x);
  return checkpoint([f](const std::vector<Variable>& inputs) { return f(inputs[0]); }, {x}, &scope.mode().random);
}

}  // namespace thaw
