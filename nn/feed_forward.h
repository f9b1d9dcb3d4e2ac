// SPDX-License-Identifier: Apache-2.0
// The two products of a transformer block with an activation in between. C channels, F inner size.
#pragma once

#include "nn/dropout.h"
#include "nn/linear.h"

namespace thaw {

struct FeedForward {
  Linear inner;  // [F, C]
  Linear outer;  // [C, F]
  UnaryOp activation = UnaryOp::gelu;
  DropoutLayer dropout;  // on the activations; none in BERT

  FeedForward() = default;
  // Two scopes: the products lie in different places in a checkpoint ("intermediate.dense", "output.dense").
  FeedForward(const Scope& inner_scope, const Scope& outer_scope, int64_t channels, int64_t inner_channels, UnaryOp act,
              const Init& init, bool with_bias = true, double dropout_probability = 0)
      : inner(inner_scope, channels, inner_channels, init, with_bias),
        outer(outer_scope, inner_channels, channels, init, with_bias),
        activation(act),
        dropout(inner_scope, dropout_probability) {}

  // [T, C] -> [T, C]
  Variable operator()(const Variable& x) const { return outer(dropout(inner(x, activation))); }
};

}  // namespace thaw
