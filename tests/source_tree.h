// SPDX-License-Identifier: Apache-2.0
// The source tree as its own tests read it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

struct Source {
  std::string path;  // below the source tree, with '/'
  std::vector<std::string> lines;
};

// All sources, shaders and scripts of the house, by path.
const std::vector<Source>& sources();

bool is_shader(const std::filesystem::path& path);
std::string text_of(const std::filesystem::path& path);

// What an #include names; of any other line, nothing.
struct Include {
  std::string header;
  bool quoted = false;  // "header", not <header>
};
Include include_of(const std::string& line);

}  // namespace thaw
