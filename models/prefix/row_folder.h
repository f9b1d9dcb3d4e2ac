// SPDX-License-Identifier: Apache-2.0
// Rows of texts in files, for runs to share: in a folder a folder for each set (the key of a prefix). Many processes
// may use it at once: each appends to a file of its own, and reads all that were there when it came. A record is a
// text's key, a length and bytes, with checksums: what a killed process left unfinished is passed over, what is damaged
// is noticed. Files are read, not mapped: one that another process cuts short must not end this one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/prefix/key.h"

namespace thaw {

class OpenFile;

struct RowFolderOptions {
  std::filesystem::path folder;  // of all sets; made if it is not there
  int64_t most_bytes = 0;        // of all sets together; 0: half of what the disk has free, beside them
  // Gets warnings, a line each: a damaged file, a full disk.
  std::function<void(const std::string& line)> tell = [](const std::string&) {};
};

// What all sets in a folder may take where nobody says: half of what they take and the disk has free.
int64_t usual_most_bytes(const std::filesystem::path& folder);

class RowFolder {
 public:
  // The set of that key. std::runtime_error naming the folder if it cannot be made or read.
  RowFolder(RowFolderOptions options, const Key128& set);
  ~RowFolder();
  RowFolder(const RowFolder&) = delete;
  RowFolder& operator=(const RowFolder&) = delete;

  bool contains(const Key128& text) const { return places_.contains(text); }
  // False if they are not there (any more): a damaged record is told of and forgotten.
  bool read(const Key128& text, std::vector<std::byte>& rows);
  // Where they fit and the disk has room: else nothing is written from now on, which is told. Other sets that no
  // process uses make room, whole, the longest unused first.
  void write(const Key128& text, std::span<const std::byte> rows);

 private:
  struct Place {
    size_t file;
    int64_t offset, bytes;  // of the rows
    uint32_t checksum;
  };
  void take_up(const std::filesystem::path& path);
  void begin_own_file();
  bool has_room(int64_t bytes);

  RowFolderOptions options_;
  std::filesystem::path set_;
  std::unique_ptr<OpenFile> lock_;  // shared by those that use the set
  std::vector<std::unique_ptr<OpenFile>> files_;
  std::unordered_map<Key128, std::vector<Place>, HashOfKey> places_;  // the last written last
  OpenFile* own_ = nullptr;                                           // that is written
  int64_t end_ = 0;                                                   // of it
  int64_t room_ = 0;                                                  // bytes to write before files are counted again
  bool full_ = false;
};

}  // namespace thaw
