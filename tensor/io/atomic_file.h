// SPDX-License-Identifier: Apache-2.0
// Files and directories that appear whole or not at all, whatever ends the program or the machine meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/io/temporary_names.h"

namespace thaw {

// Writes PATH by way of a temporary file in the same directory: written, fsynced, renamed over PATH, directory fsynced.
// Until commit() returns, a former PATH is untouched; without commit() the temporary file goes away,
// also where a signal's handler calls remove_temporary_files().
// Every failure (disk full, quota, file-size limit, read-only, no such directory) is a std::runtime_error naming PATH.
class AtomicFile {
 public:
  // Space for `expected_bytes` is taken from the disk up front, so that a disk too full is known before the first byte.
  explicit AtomicFile(const std::string& path, uint64_t expected_bytes = 0);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  // Replaces bytes that are written: a header that is known at the end. The former ones must all be there.
  void overwrite(uint64_t offset, std::string_view text);
  void commit();

 private:
  std::string path_;
  std::string temporary_;
  std::optional<TemporaryName> remembered_;
  uint64_t expected_ = 0;
  uint64_t written_ = 0;
  int file_ = -1;
};

// Writes a whole small file that way.
void write_file_atomically(const std::string& path, std::string_view content);

// A directory that is filled as PATH.tmp and becomes PATH on commit(): every file and directory in it is fsynced, then
// it is renamed and its parent fsynced. PATH must not exist. What a killed run left as PATH.tmp is removed first.
class AtomicDirectory {
 public:
  explicit AtomicDirectory(const std::string& path);
  ~AtomicDirectory();
  AtomicDirectory(const AtomicDirectory&) = delete;
  AtomicDirectory& operator=(const AtomicDirectory&) = delete;

  // Where to write the files.
  const std::string& path() const { return temporary_; }
  void commit();

 private:
  std::string path_;
  std::string temporary_;
  bool committed_ = false;
};

// The directories that PATH is to lie in, made where they are not there; without commit() those that were made go away
// again, as far as nothing else came into them. std::runtime_error naming the one that cannot be made.
class ParentDirectories {
 public:
  explicit ParentDirectories(const std::string& path);
  ~ParentDirectories();
  ParentDirectories(const ParentDirectories&) = delete;
  ParentDirectories& operator=(const ParentDirectories&) = delete;

  void commit() { made_.clear(); }

 private:
  void remove_made();

  std::vector<std::string> made_;  // the outermost first
};

}  // namespace thaw
