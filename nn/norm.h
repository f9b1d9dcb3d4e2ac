// SPDX-License-Identifier: Apache-2.0
// LayerNorm (Ba et al. 2016) and RMSNorm (Zhang & Sennrich 2019) over the last axis, alone or fused with what stands
// before them in a transformer block: norm(residual + dropout(x)). T tokens, C channels.
#pragma once

#include "autograd/functions.h"
#include "nn/naming.h"
#include "nn/scope.h"

namespace thaw {

struct LayerNorm {
  Parameter weight, bias;  // [C]; bias may be undefined
  double eps = 1e-5;

  LayerNorm() = default;
  LayerNorm(const Scope& s, int64_t channels, double epsilon = 1e-5, bool with_bias = true)
      : weight(s.parameter("weight", {channels}, Init::ones())), eps(epsilon) {
    if (with_bias) bias = s.parameter("bias", {channels}, Init::zeros());
  }

  // x [T, C]; `residual` may be undefined. `sum` receives residual + dropout(x): pre-norm models go on from it.
  Variable operator()(const Variable& x, const Variable& residual = {}, const Dropout& dropout = {},
                      Variable* sum = nullptr) const {
    return naming(weight.name(), [&] { return norm(x, residual, weight, bias, {NormKind::layer, eps, dropout}, sum); });
  }
};

struct RMSNorm {
  Parameter weight;  // [C]
  double eps = 1e-6;

  RMSNorm() = default;
  RMSNorm(const Scope& s, int64_t channels, double epsilon = 1e-6)
      : weight(s.parameter("weight", {channels}, Init::ones())), eps(epsilon) {}

  Variable operator()(const Variable& x, const Variable& residual = {}, const Dropout& dropout = {},
                      Variable* sum = nullptr) const {
    return naming(weight.name(), [&] { return norm(x, residual, weight, {}, {NormKind::rms, eps, dropout}, sum); });
  }
};

}  // namespace thaw
