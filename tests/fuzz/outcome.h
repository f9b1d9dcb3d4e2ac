// SPDX-License-Identifier: Apache-2.0
// What a fuzz target demands of a loader: it takes the bytes and what it made holds, or it refuses them by a
// std::runtime_error of one short line that begins with the file's name. Anything else ends the program, which
// libFuzzer reports with the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace thaw::fuzz {

inline void require(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// Runs load(bytes), which reads them as a file named "file".
template <typename Load>
int run(const uint8_t* data, size_t size, Load load) {
  try {
    load(std::string_view(reinterpret_cast<const char*>(data), size));
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    require(line.starts_with("file"), "the error does not name the file");
    require(line.find('\n') == std::string::npos, "the error has more than one line");
    require(line.size() < 1000, "the error is long");
  }
  return 0;
}

}  // namespace thaw::fuzz
