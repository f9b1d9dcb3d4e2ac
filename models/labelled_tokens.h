// SPDX-License-Identifier: Apache-2.0
// The tokens that a loss over a vocabulary counts: logits are made for no others. T tokens, C channels.
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/functions.h"

namespace thaw {

struct LabelledTokens {
  Variable hidden;  // [R, C]; undefined if no token is labelled
  Indices targets;  // [R]
};

// Of hidden [T, C] the rows whose label is not -100. std::invalid_argument if there is not a label for each row.
LabelledTokens labelled_tokens(const Variable& hidden, const std::vector<int32_t>& labels);

// The loss where no token is labelled.
inline Variable no_loss(const Variable& hidden) {
  return Tensor::zeros({}, hidden.value().dtype(), hidden.value().device());
}

}  // namespace thaw
