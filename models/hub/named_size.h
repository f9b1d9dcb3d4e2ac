// SPDX-License-Identifier: Apache-2.0
// Sizes in config.json that have two names.
#pragma once

#include <cstdint>

#include "tensor/io/json.h"

namespace thaw {

// A size under the family's own name, or under the one that most families have for it; `otherwise` if both are absent.
// std::runtime_error if they say different numbers.
int64_t read_named_size(const Json& json, const char* key, const char* other, int64_t otherwise,
                        int64_t most = INT32_MAX);

}  // namespace thaw
