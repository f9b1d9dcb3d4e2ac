// SPDX-License-Identifier: Apache-2.0
// Where files lie that can be made again: of compiled kernels, of what was found out about a device.
#pragma once

#include <string>

namespace thaw {

// $XDG_CACHE_HOME/thaw, else $HOME/.cache/thaw; empty if neither is set. It need not exist.
std::string cache_folder();

}  // namespace thaw
