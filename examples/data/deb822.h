// SPDX-License-Identifier: Apache-2.0
// Reads Debian's control files stanza by stanza: "Field: value" lines, folded over lines that begin with a space
// (deb822(5)).
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace thaw {

// One stanza: its fields in the file's order. A folded value keeps its line breaks, each line without its first space.
struct Stanza {
  std::vector<std::pair<std::string, std::string>> fields;
  int line = 0;  // where it starts in its file, from 1

  // The value of a field, or nullptr. Names compare without regard to case, as deb822(5) says.
  const std::string* find(std::string_view name) const;
};

class Deb822Reader {
 public:
  // Throws std::runtime_error if the file cannot be read.
  explicit Deb822Reader(const std::filesystem::path& path);

  // Reads the next stanza; false at the end of the file. Throws std::runtime_error ("FILE:LINE: what is wrong") on a
  // line that is neither a field nor folded, and on a field that is there twice.
  bool next(Stanza& stanza);

  // Where errors about this stanza belong: "FILE:LINE".
  std::string position(const Stanza& stanza) const;

 private:
  void add_line(Stanza& stanza, const std::string& text);

  std::filesystem::path path_;
  std::ifstream file_;
  int line_ = 0;
};

}  // namespace thaw
