// SPDX-License-Identifier: Apache-2.0
// Of a directory nothing tells whether it was ever trained, but for its numbers.
#pragma once

#include "nn/parameter.h"

namespace thaw {

// Is each bias and each norm one number throughout, as biases (0) and factors of norms (1) of new models are? A step of
// training leaves hardly any so. What else is new is drawn at random: an LSTM's own biases, too, of which nothing is
// asked. False where there are neither, and where an adapter was put on the model.
bool looks_untrained(const ParameterStore& store);

}  // namespace thaw
