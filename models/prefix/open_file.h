// SPDX-License-Identifier: Apache-2.0
// A file that is open: whole reads and writes at a place, and locks that end with the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace thaw {

class OpenFile {
 public:
  enum class Use { read, append_new, lock };
  // std::system_error naming the file if it cannot be opened so.
  OpenFile(std::filesystem::path path, Use use);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // All of them, or false: the file ends before, or cannot be read.
  bool read(int64_t offset, std::span<std::byte> bytes) const;
  // All of them at that place, or nothing: false, with errno; the file then ends there.
  bool write(int64_t offset, std::span<const std::byte> bytes) const;

  bool lock_shared() const;     // waits
  bool try_lock_alone() const;  // does not
  bool is_still_there() const;  // by its name
  void touch() const;           // used now

 private:
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace thaw
