// SPDX-License-Identifier: Apache-2.0
// Temporary folders for tests.
#include "tests/scratch_folder.h"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>

namespace thaw {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "thaw-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a folder like " + name);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path ScratchFolder::write(const std::string& name, std::string_view content) const {
  const auto file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << content;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + file.string());
  return file;
}

}  // namespace thaw
