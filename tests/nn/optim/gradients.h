// SPDX-License-Identifier: Apache-2.0
// What tests of optimizers begin a step with.
#pragma once

#include <vector>

#include "autograd/functions.h"
#include "nn/parameter.h"

namespace thaw {

inline std::vector<float> host(const Parameter& p) { return p.value().to_host<float>(); }

// A loss with a gradient in every element of every trained parameter.
inline void make_gradients(const ParameterStore& store) {
  Variable loss;
  for (const Parameter& p : store.all()) {
    const Variable part = sum_all(square(affine(p.variable(), 1, 0.25)));
    loss = loss.defined() ? add(loss, part) : part;
  }
  backward(loss);
}

}  // namespace thaw
