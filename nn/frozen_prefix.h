// SPDX-License-Identifier: Apache-2.0
// A frozen prefix (embeddings and lower layers with nothing to train in or below them) computes without dropout: its
// output is then a function of the example alone, so it can be kept from one epoch to the next.
#pragma once

#include <initializer_list>

#include "nn/scope.h"

namespace thaw {

// One line at the head of a block's operator(): `const FrozenPrefix evaluation(s, {x});`. While it lives, the mode is
// evaluation if no gradient flows to the block's inputs and no parameter under the block's scope is trained. Heads have
// none: dropout in front of a trained classifier stays on. A block under activation checkpointing
// (autograd/functions.h) is checkpointed alone, so that both of its runs decide alike.
class FrozenPrefix {
 public:
  FrozenPrefix(const Scope& scope, std::initializer_list<Variable> inputs)
      : mode_(scope.mode()), training_(mode_.training) {
    bool tracked = false;
    for (const Variable& x : inputs) tracked = tracked || x.tracked();
    if (training_ && !tracked && !scope.any_trained()) mode_.training = false;
  }
  ~FrozenPrefix() { mode_.training = training_; }
  FrozenPrefix(const FrozenPrefix&) = delete;
  FrozenPrefix& operator=(const FrozenPrefix&) = delete;

 private:
  Mode& mode_;
  bool training_;
};

}  // namespace thaw
