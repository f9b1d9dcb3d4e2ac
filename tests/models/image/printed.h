// SPDX-License-Identifier: Apache-2.0
// Catches what is printed to the standard error.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

namespace thaw {

// What f() prints there.
template <typename F>
std::string printed_by(const F& f) {
  const ScratchFolder folder;
  const std::string path = folder / "stderr";
  std::fflush(stderr);
  const int former = dup(STDERR_FILENO), file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  dup2(file, STDERR_FILENO);
  f();
  std::fflush(stderr);
  dup2(former, STDERR_FILENO);
  close(former);
  close(file);
  return read_bytes(path);
}

}  // namespace thaw
