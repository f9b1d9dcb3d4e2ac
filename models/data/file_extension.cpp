// SPDX-License-Identifier: Apache-2.0
// Extensions in small letters, and .gz passed over.
#include "models/data/file_extension.h"

#include <algorithm>

namespace thaw {
namespace {

std::string small_extension(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return extension;
}

}  // namespace

std::string content_extension(const std::filesystem::path& path) {
  const std::string extension = small_extension(path);
  return extension == ".gz" ? small_extension(path.stem()) : extension;
}

}  // namespace thaw
