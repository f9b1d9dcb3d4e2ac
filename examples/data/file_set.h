// SPDX-License-Identifier: Apache-2.0
// Files that belong together, as the splits of a data set do: none is put in place before all are written.
#pragma once

#include <deque>
#include <filesystem>
#include <string_view>

#include "tensor/io/atomic_file.h"

namespace thaw {

class FileSet {
 public:
  // Writes the text beside PATH; missing folders are made. std::runtime_error naming PATH if it cannot be written:
  // without commit() nothing is left of the set, and what PATH was before stays.
  void add(const std::filesystem::path& path, std::string_view text);
  // Puts them in place, one after the other: whoever finds the last one has all. std::runtime_error if one cannot be.
  void commit();

 private:
  std::deque<ParentDirectories> folders_;  // go after what lies in them
  std::deque<AtomicFile> files_;
};

}  // namespace thaw
