// SPDX-License-Identifier: Apache-2.0
// Looks at a path and at the link that may stand there.
#include "tensor/io/file_presence.h"

#include <filesystem>

#include "tensor/check.h"

namespace thaw {

namespace fs = std::filesystem;

bool is_there(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::exists(status)) return true;
  const bool is_absent = status.type() == fs::file_type::not_found;
  const std::string reason = error.message();
  if (std::error_code ignored; fs::is_symlink(path, ignored)) {
    const std::string target = fs::read_symlink(path, ignored).string();
    if (is_absent) fail("{}: is a link to {}, which is not there", path, target);
    fail("{}: is a link to {}, which cannot be reached: {}", path, target, reason);
  }
  if (!is_absent) fail("{}: cannot be reached: {}", path, reason);
  return false;
}

}  // namespace thaw
