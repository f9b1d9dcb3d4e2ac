// SPDX-License-Identifier: Apache-2.0
// A file mapped read-only into memory, unmapped with its owner.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace thaw {

// Pages are read when first touched. A file that another process shortens while it is mapped ends the program (SIGBUS):
// files that are replaced by rename, as thaw replaces its own, are safe.
class MappedFile {
 public:
  // Throws std::runtime_error "PATH: why" if there is no such regular file or it cannot be mapped. An empty file is
  // fine.
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::string& path() const { return path_; }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::string path_;
  std::span<const std::byte> bytes_;
};

}  // namespace thaw
