// SPDX-License-Identifier: Apache-2.0
// What `thaw --version` says.
#pragma once

namespace thaw {

inline constexpr const char* program_version = "0.1.0";

}  // namespace thaw
