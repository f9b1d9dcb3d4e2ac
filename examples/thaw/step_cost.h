// SPDX-License-Identifier: Apache-2.0
// What a training step of a BERT classifier will cost, from sizes and the freeze mask alone: nothing is computed.
// T tokens, B texts, C channels, F inner size, H heads.
#pragma once

#include <cstdint>
#include <span>

#include "models/bert/config.h"
#include "nn/parameter.h"

namespace thaw {

struct StepCost {
  double forward = 0, backward = 0;  // FLOPs of products and attention, 2 per multiply-add
  double kept_bytes = 0;             // activations that wait for the backward pass
};

struct StepCostOptions {
  bool all_trained = false;    // as if nothing were frozen
  bool checkpointing = false;  // only the layers' inputs are kept, and each layer is computed again
};

// Of one micro-batch of texts with these lengths. The rules are those of autograd/linear.cpp, norm.cpp and
// attention.cpp: a product's input is kept iff its weight is trained, what a pointwise function, a norm or attention
// needs iff anything before it or in it is trained.
StepCost step_cost(const BertConfig& config, const ParameterStore& store, std::span<const int64_t> lengths,
                   const StepCostOptions& options = {});

}  // namespace thaw
