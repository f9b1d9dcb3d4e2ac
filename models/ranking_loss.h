// SPDX-License-Identifier: Apache-2.0
// The loss of scores that only pairs are told of: which of two is better. B examples, P pairs.
#pragma once

#include "autograd/variable.h"
#include "tensor/indices.h"

namespace thaw {

// scores [B, 1] -> []: -log sigmoid(s_better - s_worse) of the pairs (Burges et al. 2005), which are two rows each,
// added up and divided by `count` (0: by their number).
Variable pairwise_loss(const Variable& scores, const Indices& better, const Indices& worse, double count = 0);

}  // namespace thaw
