// SPDX-License-Identifier: Apache-2.0
// Whether what frozen prefixes give for texts depends on the texts beside them.
#pragma once

#include <vector>

#include "tensor/device.h"

namespace thaw {

// Fails the test that runs if it does. What they give: the same numbers for the same device.
std::vector<float> check_row_invariance(const Device& device);

}  // namespace thaw
