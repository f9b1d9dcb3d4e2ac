// SPDX-License-Identifier: Apache-2.0
// The families of models that there are.
#pragma once

#include <string>
#include <vector>

namespace thaw {

// What config.json names as model_type, of each family that reads or writes texts.
std::vector<std::string> text_model_types();

}  // namespace thaw
