// SPDX-License-Identifier: Apache-2.0
// Temporary files that are renamed together.
#include "examples/data/file_set.h"

namespace thaw {

void FileSet::add(const std::filesystem::path& path, std::string_view text) {
  folders_.emplace_back(path.string());
  files_.emplace_back(path.string(), text.size()).write(text);
}

void FileSet::commit() {
  for (AtomicFile& file : files_) file.commit();
  for (ParentDirectories& folders : folders_) folders.commit();
}

}  // namespace thaw
