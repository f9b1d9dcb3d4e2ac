// SPDX-License-Identifier: Apache-2.0
// IA3 (Liu et al. 2022): a learned factor for each number that a product gives, or for each that it reads.
#pragma once

#include "nn/parameter.h"
#include "nn/scope.h"

namespace thaw {

struct ScalingAdapter {
  Parameter factors;      // "ia3_l", as peft stores it: [out, 1] on the output, [1, in] on the input
  bool on_input = false;  // of feed-forward products, as the paper has it; else on the output, bias included

  // Begins with ones: without effect. count: of the numbers scaled.
  ScalingAdapter(const Scope& s, int64_t count, bool on_input);

  Variable operator()(const Variable& numbers) const;  // [..., count] -> the same, scaled
};

}  // namespace thaw
