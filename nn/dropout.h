// SPDX-License-Identifier: Apache-2.0
// Dropout (Srivastava et al. 2014): in training mode, zeroes a share of the numbers and scales up the others.
#pragma once

#include "autograd/functions.h"
#include "nn/scope.h"
#include "tensor/check.h"

namespace thaw {

struct DropoutLayer {
  double probability = 0;  // of being dropped
  Mode* mode = nullptr;

  DropoutLayer() = default;
  DropoutLayer(const Scope& s, double p) : probability(p), mode(&s.mode()) {
    check(p >= 0 && p < 1, "{}: dropout {} is not in [0, 1)", s.path(), p);
  }

  // The next mask, for a function that applies it itself (norm, attention). Outside of training, or with probability 0,
  // it drops nothing and takes no random stream.
  Dropout next() const {
    if (probability == 0 || !mode->training) return {};
    return {static_cast<float>(probability), mode->random.take()};
  }

  // dropout(x) + residual, or x itself where nothing is dropped or added
  Variable operator()(const Variable& x, const Variable& residual = {}) const {
    const Dropout mask = next();
    if (mask.probability == 0) return residual.defined() ? add(x, residual) : x;
    return dropout(x, mask, residual);
  }
};

}  // namespace thaw
