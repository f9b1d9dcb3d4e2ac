// SPDX-License-Identifier: Apache-2.0
// Which libraries the products come from, for the description of the device.
#pragma once

#include <string>

namespace thaw::cpu {

std::string onednn_version();
std::string openblas_version();

}  // namespace thaw::cpu
