// SPDX-License-Identifier: Apache-2.0
// The names by which config.json calls activations.
#pragma once

#include <string>

#include "tensor/pointwise_ops.h"

namespace thaw {

// "gelu", "gelu_new", "relu", "silu", ... as the reference library's table understands them. std::runtime_error
// "ORIGIN: activation "x" is not supported; there are ..." for any other; origin names the file and key.
UnaryOp activation_named(const std::string& name, const std::string& origin);

}  // namespace thaw
