// SPDX-License-Identifier: Apache-2.0
// Weight decay as the goldens' traces have it.
#pragma once

#include <algorithm>

#include "nn/optim/parameter_rules.h"
#include "nn/parameter.h"
#include "tensor/io/json.h"

namespace thaw {

// Their rule leaves alone names that end in "bias": tables of biases by distance ("relative_attention_bias.weight")
// decay in them.
inline ParameterRules decay_of_trace(const ParameterStore& store, const Json& optimizer) {
  ParameterRules rules;
  const auto is_table = [](const Parameter& p) { return p.name().ends_with("relative_attention_bias.weight"); };
  if (std::ranges::any_of(store.all(), is_table))
    rules.weight_decay("*relative_attention_bias.weight", optimizer.get_number("weight_decay"));
  return rules;
}

}  // namespace thaw
