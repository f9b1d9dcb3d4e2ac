// SPDX-License-Identifier: Apache-2.0
// A frozen block (embeddings or a layer with nothing to train in or below it) computes without dropout: its output is
// then a function of the example alone, so it can be kept from one epoch to the next.
#pragma once

#include <algorithm>
#include <initializer_list>

#include "nn/mode.h"
#include "nn/scope.h"

namespace thaw {

// One line at the head of a block's operator(): `const FrozenBlock evaluation(s, {x});`. While it lives, the mode is
// evaluation if no gradient flows to the block's inputs and no parameter under the block's scope is trained. Heads have
// none: dropout in front of a trained classifier stays on. A block under activation checkpointing
// (autograd/functions.h) is checkpointed alone, so that both of its runs decide alike.
class FrozenBlock {
 public:
  FrozenBlock(const Scope& scope, std::initializer_list<Variable> inputs)
      : evaluation_(scope.mode(), scope.mode().training && is_frozen(scope, inputs)) {}

 private:
  static bool is_frozen(const Scope& scope, std::initializer_list<Variable> inputs) {
    return std::ranges::none_of(inputs, &Variable::tracked) && !scope.any_trained();
  }
  EvaluationMode evaluation_;
};

}  // namespace thaw
