// SPDX-License-Identifier: Apache-2.0
// The products of a transformer block with an activation in between. C channels, F inner size.
#pragma once

#include <cstdint>

#include "nn/dropout.h"
#include "nn/linear.h"

namespace thaw {

struct FeedForwardOptions {
  int64_t channels = 0;        // C
  int64_t inner_channels = 0;  // F
  UnaryOp activation = UnaryOp::gelu;
  bool bias = true;                            // in all products
  WeightLayout layout = WeightLayout::out_in;  // of their weights
  double dropout = 0;                          // on what the outer product reads; none in BERT
};

struct FeedForward {
  Linear inner;   // C -> F, activated
  Linear factor;  // C -> F: of the gated form; undefined in the plain one
  Linear outer;   // F -> C
  UnaryOp activation = UnaryOp::gelu;
  DropoutLayer dropout;

  FeedForward() = default;
  // outer(act(inner(x))). Each product has its scope: they lie in different places in a checkpoint
  // ("intermediate.dense", "output.dense").
  FeedForward(const Scope& inner_scope, const Scope& outer_scope, const FeedForwardOptions& o,
              const Init& init = Init::kaiming_uniform())
      : FeedForward(inner_scope, outer_scope, o, init, init) {}
  FeedForward(const Scope& inner_scope, const Scope& outer_scope, const FeedForwardOptions& o, const Init& inner_init,
              const Init& outer_init)
      : inner(Linear(inner_scope, o.channels, o.inner_channels, inner_init, o.bias, o.layout).as(ProductRole::inner)),
        outer(Linear(outer_scope, o.inner_channels, o.channels, outer_init, o.bias, o.layout).as(ProductRole::outer)),
        activation(o.activation),
        dropout(inner_scope, o.dropout) {}
  // The gated form, outer(act(inner(x)) * factor(x)) (Shazeer 2020): "wi_0", "wi_1", "wo" in T5 1.1.
  FeedForward(const Scope& inner_scope, const Scope& factor_scope, const Scope& outer_scope,
              const FeedForwardOptions& o, const Init& init = Init::kaiming_uniform())
      : inner(Linear(inner_scope, o.channels, o.inner_channels, init, o.bias, o.layout).as(ProductRole::inner)),
        factor(factor_scope, o.channels, o.inner_channels, init, o.bias, o.layout),
        outer(Linear(outer_scope, o.inner_channels, o.channels, init, o.bias, o.layout).as(ProductRole::outer)),
        activation(o.activation),
        dropout(inner_scope, o.dropout) {}

  // [T, C] -> [T, C]
  Variable operator()(const Variable& x) const {
    const Variable activated = inner(x, activation);
    return outer(dropout(factor.defined() ? mul(activated, factor(x)) : activated));
  }
};

}  // namespace thaw
