// SPDX-License-Identifier: Apache-2.0
// Of a directory nothing tells whether it was ever trained, but for its numbers.
#pragma once

#include "nn/parameter.h"

namespace thaw {

// Is each vector one number throughout, as biases (0) and factors of norms (1) of new models are? A step of training
// leaves hardly any so. False where there are no vectors, and where an adapter was put on the model.
bool looks_untrained(const ParameterStore& store);

}  // namespace thaw
