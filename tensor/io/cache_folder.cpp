// SPDX-License-Identifier: Apache-2.0
// As the XDG Base Directory Specification has it.
#include "tensor/io/cache_folder.h"

#include <cstdlib>

namespace thaw {

std::string cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache) return std::string(cache) + "/thaw";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.cache/thaw";
  return "";
}

}  // namespace thaw
