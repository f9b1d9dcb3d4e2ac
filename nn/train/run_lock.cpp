// SPDX-License-Identifier: Apache-2.0
// flock() on a file that holds the process id: the kernel frees it even after kill -9.
#include "nn/train/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "tensor/check.h"

namespace thaw {

RunLock::RunLock(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) fail("{}: cannot be created: {}", directory.string(), error.message());
  const auto path = directory / ".lock";
  descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail("{}: cannot be opened: {}", path.string(), std::strerror(errno));
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t got = read(descriptor_, holder, sizeof holder - 1);
    close(descriptor_);
    fail("{}: another run (process {}) writes to this directory; wait for it, or choose another directory",
         directory.string(), got > 0 ? std::string(holder, static_cast<size_t>(got)) : "unknown");
  }
  const std::string id = std::to_string(getpid());
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
    const int reason = errno;
    close(descriptor_);
    fail("{}: cannot be written: {}", path.string(), std::strerror(reason));
  }
}

RunLock::~RunLock() { close(descriptor_); }

}  // namespace thaw
