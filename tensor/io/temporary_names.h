// SPDX-License-Identifier: Apache-2.0
// Names of temporary files, kept where a signal's handler may read them: so they go away with a process that is
// stopped.
#pragma once

#include <string>

namespace thaw {

// Remembers a name while it lives. Of very many at once, and of very long ones, some are not remembered.
class TemporaryName {
 public:
  explicit TemporaryName(const std::string& path);
  ~TemporaryName();
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

 private:
  int slot_ = -1;
};

// Removes the files of all names that are remembered. For handlers of signals that end the process: it is
// async-signal-safe, and what is being written is lost.
void remove_temporary_files() noexcept;

}  // namespace thaw
