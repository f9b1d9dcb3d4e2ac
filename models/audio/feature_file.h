// SPDX-License-Identifier: Apache-2.0
// What the preprocessor_config.json of all kinds of features have in common.
#pragma once

#include <string_view>

#include "tensor/io/json.h"

namespace thaw {

// std::runtime_error "FILE: ..." unless it is an object whose feature_extractor_type is this one, or absent.
void check_feature_type(const Json& file, std::string_view type);

}  // namespace thaw
