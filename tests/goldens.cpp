// SPDX-License-Identifier: Apache-2.0
// Finds the golden files.
#include "tests/goldens.h"
#include "tests/source_folder.h"

#include <doctest/doctest.h>

#include <cstdlib>

namespace thaw {

std::filesystem::path golden_dir() {
  if (const char* given = std::getenv("THAW_GOLDENS"); given && *given) return given;
  const std::filesystem::path source = source_folder();
  const auto beside = source / ".." / "shared" / "goldens";
  if (std::filesystem::is_directory(beside)) return beside;
  return source / "tests" / "goldens";
}

bool has_golden(const std::string& name) {
  if (std::filesystem::exists(golden_dir() / name)) return true;
  MESSAGE("skipped: golden " << name << " is not in " << golden_dir().string());
  return false;
}

}  // namespace thaw
