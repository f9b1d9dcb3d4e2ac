// SPDX-License-Identifier: Apache-2.0
// Durable replacement of files and directories on POSIX systems.
#include "tensor/io/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "tensor/check.h"

namespace thaw {

namespace {

namespace fs = std::filesystem;

// Beyond the file-size limit (ulimit -f) the kernel sends SIGXFSZ, which ends a program; held back here, the call fails
// instead.
class FileSizeSignalHeld {
 public:
  FileSizeSignalHeld() {
    sigemptyset(&only_);
    sigaddset(&only_, SIGXFSZ);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGXFSZ) == 1;
    pthread_sigmask(SIG_BLOCK, &only_, &former_);
  }
  ~FileSizeSignalHeld() {
    const int error = errno;
    const timespec now{};
    if (!was_pending_) sigtimedwait(&only_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &former_, nullptr);
    errno = error;
  }
  FileSizeSignalHeld(const FileSizeSignalHeld&) = delete;
  FileSizeSignalHeld& operator=(const FileSizeSignalHeld&) = delete;

 private:
  sigset_t only_{};
  sigset_t former_{};
  bool was_pending_ = false;
};

std::string parent_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// Some file systems cannot fsync a directory (EINVAL); there is nothing more to be done on those.
void sync_path(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail("{}: cannot be opened to be synced to disk: {}", path, std::strerror(errno));
  const bool ok = ::fsync(file) == 0 || errno == EINVAL || errno == ENOTSUP;
  const int error = errno;
  ::close(file);
  if (!ok) fail("{}: cannot be synced to disk: {}", path, std::strerror(error));
}

void sync_directory(const std::string& path) { sync_path(path, O_RDONLY | O_DIRECTORY); }

}  // namespace

AtomicFile::AtomicFile(const std::string& path, uint64_t expected_bytes) : path_(path), expected_(expected_bytes) {
  const fs::path target(path);
  check(target.has_filename(), "\"{}\" does not name a file", path);
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    fail("{}: cannot be written: not a regular file", path);
  static std::atomic<unsigned> count{0};
  const std::string name = fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), count++);
  temporary_ = (fs::path(parent_of(path)) / name).string();
  remembered_.emplace(temporary_);
  file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file_ < 0) fail("{}: cannot be written: {}", path, std::strerror(errno));
  if (expected_ == 0) return;
  int error = 0;
  {
    const FileSizeSignalHeld held;
    do error = ::posix_fallocate(file_, 0, static_cast<off_t>(expected_));
    while (error == EINTR);
  }
  if (error == 0 || error == EOPNOTSUPP || error == EINVAL) return;
  ::close(file_);
  ::unlink(temporary_.c_str());
  fail("{}: cannot be written: {} ({} bytes are needed)", path, std::strerror(error), expected_);
}

AtomicFile::~AtomicFile() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  check(file_ >= 0, "{}: written to after it was committed", path_);
  constexpr size_t chunk = size_t{1} << 30;
  const FileSizeSignalHeld held;
  while (!bytes.empty()) {
    const ssize_t n = ::write(file_, bytes.data(), std::min(bytes.size(), chunk));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("{}: cannot be written: {} (after {} bytes)", path_, std::strerror(errno), written_);
    written_ += static_cast<uint64_t>(n);
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
}

void AtomicFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void AtomicFile::overwrite(uint64_t offset, std::string_view text) {
  check(file_ >= 0, "{}: written to after it was committed", path_);
  check(offset <= written_ && text.size() <= written_ - offset, "{}: bytes {} to {} of {} cannot be replaced", path_,
        offset, offset + text.size(), written_);
  while (!text.empty()) {
    const ssize_t n = ::pwrite(file_, text.data(), text.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("{}: cannot be written: {}", path_, std::strerror(errno));
    offset += static_cast<uint64_t>(n);
    text.remove_prefix(static_cast<size_t>(n));
  }
}

void AtomicFile::commit() {
  check(file_ >= 0, "{}: committed twice", path_);
  if (written_ < expected_ && ::ftruncate(file_, static_cast<off_t>(written_)) != 0)
    fail("{}: cannot be cut to {} bytes: {}", path_, written_, std::strerror(errno));
  if (::fsync(file_) != 0) fail("{}: cannot be synced to disk: {}", path_, std::strerror(errno));
  const int file = file_;
  file_ = -1;
  int error = ::close(file) == 0 ? 0 : errno;
  if (error == 0 && ::rename(temporary_.c_str(), path_.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary_.c_str());
    fail("{}: cannot be put in place: {}", path_, std::strerror(error));
  }
  remembered_.reset();
  sync_directory(parent_of(path_));
}

void write_file_atomically(const std::string& path, std::string_view content) {
  AtomicFile file(path, content.size());
  file.write(content);
  file.commit();
}

AtomicDirectory::AtomicDirectory(const std::string& path) : path_(path) {
  while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
  temporary_ = path_ + ".tmp";
  std::error_code error;
  if (fs::exists(fs::symlink_status(path_, error))) fail("{}: exists already", path_);
  fs::remove_all(temporary_, error);
  if (!error) fs::create_directory(temporary_, error);
  if (error) fail("{}: cannot be created: {}", temporary_, error.message());
}

AtomicDirectory::~AtomicDirectory() {
  std::error_code ignored;
  if (!committed_) fs::remove_all(temporary_, ignored);
}

void AtomicDirectory::commit() {
  check(!committed_, "{}: committed twice", path_);
  std::error_code error;
  for (fs::recursive_directory_iterator it(temporary_, error), end; !error && it != end; it.increment(error)) {
    if (it->is_symlink()) continue;
    sync_path(it->path().string(), it->is_directory() ? O_RDONLY | O_DIRECTORY : O_RDONLY);
  }
  if (error) fail("{}: cannot be listed: {}", temporary_, error.message());
  sync_directory(temporary_);
  fs::rename(temporary_, path_, error);
  if (error) fail("{}: cannot be put in place: {}", path_, error.message());
  committed_ = true;
  sync_directory(parent_of(path_));
}

ParentDirectories::ParentDirectories(const std::string& path) {
  fs::path whole = fs::absolute(path).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // "runs/tokenizer/"
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path parent = whole.parent_path(); !fs::exists(parent, error) && parent.has_relative_path();
       parent = parent.parent_path())
    missing.push_back(parent);
  for (auto parent = missing.rbegin(); parent != missing.rend(); ++parent) {
    if (fs::create_directory(*parent, error)) {
      made_.push_back(parent->string());
    } else if (error) {  // else it is there by now
      remove_made();
      fail("{}: cannot be created: {}", parent->string(), error.message());
    }
  }
}

ParentDirectories::~ParentDirectories() { remove_made(); }

void ParentDirectories::remove_made() {
  std::error_code ignored;
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) fs::remove(*made, ignored);  // none that has something
  made_.clear();
}

}  // namespace thaw
