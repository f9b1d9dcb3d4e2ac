// SPDX-License-Identifier: Apache-2.0
// Which tensor spoils a step: for the error of a training that can not go on.
#pragma once

#include <string>

#include "nn/parameter.h"

namespace thaw {

// "bert.pooler.dense.weight" or "the gradient of bert.pooler.dense.weight": the first trained parameter with a value,
// else the first with a gradient that is not finite, in the order of construction; "" if there is none. Reads all of
// them back: only for the end of a run.
std::string first_nonfinite(const ParameterStore& store);

}  // namespace thaw
