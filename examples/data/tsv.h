// SPDX-License-Identifier: Apache-2.0
// Tab-separated tables with a header line, as the data programs write and read them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as `columns`

  // The index of a column. Throws std::runtime_error naming `file` and the columns that are there.
  std::size_t column(std::string_view name, const std::filesystem::path& file) const;
};

// Throws std::runtime_error ("FILE:LINE: what is wrong") on a file that cannot be read, is empty, or has a row of another width.
Table read_tsv(const std::filesystem::path& path);

// Writes beside `path` and renames, so that a file is there whole or not at all; makes missing folders. A cell with a tab, a line
// break or a NUL is a std::invalid_argument.
void write_tsv(const std::filesystem::path& path, const Table& table);

}  // namespace thaw
