// SPDX-License-Identifier: Apache-2.0
// Is everything finite, and if not, which tensor spoils it: for the error of a training that cannot go on.
#pragma once

#include <string>

#include "nn/parameter.h"

namespace thaw {

// Are the trained parameters finite, and small enough that the sum of their squares is? One number is read back.
bool weights_are_finite(const ParameterStore& store);

// "bert.pooler.dense.weight" or "the gradient of bert.pooler.dense.weight": the first trained parameter with a value,
// else the first with a gradient that is not finite, in the order of construction; "" if there is none. Reads all of
// them back: only for the end of a run.
std::string first_nonfinite(const ParameterStore& store);

}  // namespace thaw
