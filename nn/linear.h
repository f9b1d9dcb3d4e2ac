// SPDX-License-Identifier: Apache-2.0
// Linear: y = act(x W^T + b).
#pragma once

#include "autograd/functions.h"
#include "nn/scope.h"

namespace thaw {

struct Linear {
  Parameter weight;  // [out, in]
  Parameter bias;    // [out], or undefined

  Linear() = default;
  Linear(const Scope& s, int64_t in, int64_t out, const Init& init, bool with_bias = true)
      : weight(s.parameter("weight", {out, in}, init)) {
    if (with_bias) bias = s.parameter("bias", {out}, Init::zeros());
  }

  // [..., in] -> [..., out]
  Variable operator()(const Variable& x, UnaryOp activation = UnaryOp::identity) const {
    return linear(x, weight, bias, activation);
  }
};

}  // namespace thaw
