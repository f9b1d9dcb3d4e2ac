// SPDX-License-Identifier: Apache-2.0
// POSIX files.
#include "models/prefix/open_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace thaw {

OpenFile::OpenFile(std::filesystem::path path, Use use) : path_(std::move(path)) {
  const int flags = use == Use::read ? O_RDONLY : use == Use::lock ? O_RDWR | O_CREAT : O_RDWR | O_CREAT | O_EXCL;
  descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), path_.string());
}

OpenFile::~OpenFile() { ::close(descriptor_); }

bool OpenFile::read(int64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(descriptor_, bytes.data(), bytes.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(count));
    offset += count;
  }
  return true;
}

bool OpenFile::write(int64_t offset, std::span<const std::byte> bytes) const {
  const int64_t begin = offset;
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int error = count < 0 ? errno : ENOSPC;
      errno = ::ftruncate(descriptor_, begin) == 0 ? error : errno;
      return false;
    }
    bytes = bytes.subspan(static_cast<size_t>(count));
    offset += count;
  }
  return true;
}

bool OpenFile::lock_shared() const { return ::flock(descriptor_, LOCK_SH) == 0; }
bool OpenFile::try_lock_alone() const { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }

bool OpenFile::is_still_there() const {
  struct stat here {
  }, named{};
  return ::fstat(descriptor_, &here) == 0 && ::stat(path_.c_str(), &named) == 0 && here.st_ino == named.st_ino &&
         here.st_dev == named.st_dev;
}

void OpenFile::touch() const { ::futimens(descriptor_, nullptr); }

}  // namespace thaw
