// SPDX-License-Identifier: Apache-2.0
// Looks at paths.
#include "examples/thaw/output_file.h"

#include <filesystem>
#include <system_error>

#include "tensor/check.h"

namespace thaw {

void check_output_file(const std::string& option, const std::string& file) {
  if (file.empty()) return;
  std::error_code ignored;
  const std::filesystem::path path = std::filesystem::absolute(file);
  if (std::filesystem::is_directory(path, ignored)) fail("{} {}: is a directory, not a file", option, file);
  if (!std::filesystem::is_directory(path.parent_path(), ignored))
    fail("{} {}: {} is not a directory", option, file, path.parent_path().string());
}

}  // namespace thaw
