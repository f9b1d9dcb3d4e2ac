// SPDX-License-Identifier: Apache-2.0
// The form of a file of options: KEY = VALUE a line, as a person writes it. Which keys there are is not known here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

struct FileOption {
  std::string key, value;  // as written, without quotes
  int64_t line = 0;        // from 1
};

// Reads such a file. Blanks around key and value do not count; blank lines, lines that begin with "#" and what follows
// a blank and "#" are comments; a value that has such blanks or "#" itself stands in quotes, as a JSON string. The same
// key may come again. A byte order mark does not count. std::runtime_error "FILE:LINE: what is wrong".
std::vector<FileOption> read_option_file(const std::string& path);

// A line that reads back as that key and value, without a line break; in quotes only where it must be.
std::string option_line(const std::string& key, const std::string& value);

}  // namespace thaw
