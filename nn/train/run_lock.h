// SPDX-License-Identifier: Apache-2.0
// One run per output directory: a lock that the kernel frees when the object or the process dies.
#pragma once

#include <filesystem>

namespace thaw {

class RunLock {
 public:
  // Creates the directory if needed and locks DIR/.lock; an error says which process holds it.
  explicit RunLock(const std::filesystem::path& directory);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace thaw
