// SPDX-License-Identifier: Apache-2.0
// A block of a model that keeps only its inputs for the gradient, and computes itself again (Chen et al. 2016).
#pragma once

#include <functional>
#include <vector>

#include "autograd/functions.h"
#include "nn/scope.h"

namespace thaw {

// f(x, ...); if `on`, nothing of what f computes on the way is kept: backward runs f again, with the dropout of the
// block's store as it was.
inline Variable checkpoint_block(bool on, const Scope& scope, const std::vector<Variable>& inputs,
                                 const std::function<Variable(const std::vector<Variable>&)>& f) {
  return on ? checkpoint(f, inputs, &scope.mode().random) : f(inputs);
}

// The same of one input.
inline Variable checkpoint_block(bool on, const Scope& scope, const Variable& x,
                                 const std::function<Variable(const Variable&)>& f) {
  if (!on) return f(x);
  return checkpoint_block(on, scope, std::vector<Variable>{x},
                          [f](const std::vector<Variable>& inputs) { return f(inputs[0]); });
}

}  // namespace thaw
