// SPDX-License-Identifier: Apache-2.0
// Tells a file that is not there from one that cannot be reached.
#pragma once

#include <string>

namespace thaw {

// Is something at this path? std::runtime_error if there is but it leads nowhere (a link to what is not there), or if
// that cannot be found out (no permission, a circle of links).
bool is_there(const std::string& path);

}  // namespace thaw
