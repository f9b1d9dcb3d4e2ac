// SPDX-License-Identifier: Apache-2.0
// Activation functions by the names that config.json files have for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tensor/pointwise_ops.h"

namespace thaw {

// Nothing if thaw has no function of that name.
std::optional<UnaryOp> find_activation(std::string_view name);
// "gelu, gelu_fast, ...": for messages.
std::string activation_names();

} // namespace thaw
