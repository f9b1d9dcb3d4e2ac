// SPDX-License-Identifier: Apache-2.0
// Reads the tree once.
#include "tests/source_tree.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/source_folder.h"

namespace fs = std::filesystem;

namespace thaw {
namespace {

bool is_source(const fs::path& path) {
  return is_shader(path) || path.extension() == ".cpp" || path.extension() == ".h" || path.extension() == ".inc" ||
         path.extension() == ".sh";
}

std::vector<Source> read_all() {
  std::vector<Source> found;
  for (const char* folder : {"tensor", "autograd", "nn", "models", "examples", "backends", "tests"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(source_folder() / folder)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      Source source{entry.path().lexically_relative(source_folder()).generic_string(), {}};
      std::istringstream text(text_of(entry.path()));
      for (std::string line; std::getline(text, line);) source.lines.push_back(line);
      found.push_back(std::move(source));
    }
  }
  std::sort(found.begin(), found.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return found;
}

}  // namespace

const std::vector<Source>& sources() {
  static const std::vector<Source> all = read_all();
  return all;
}

bool is_shader(const fs::path& path) { return path.extension() == ".comp" || path.extension() == ".glsl"; }

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Include include_of(const std::string& line) {
  const size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#' || line.find("include") == std::string::npos) return {};
  const size_t begin = line.find_first_of("\"<");
  if (begin == std::string::npos) return {};
  return {line.substr(begin + 1, line.find_first_of("\">", begin + 1) - begin - 1), line[begin] == '"'};
}

}  // namespace thaw
