// SPDX-License-Identifier: Apache-2.0
// Reading and writing of tab-separated tables.
#include "examples/data/tsv.h"

#include <algorithm>
#include <fstream>

#include "tensor/check.h"

namespace thaw {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t begin = 0;
  for (auto tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', begin)) {
    cells.push_back(line.substr(begin, tab - begin));
    begin = tab + 1;
  }
  cells.push_back(line.substr(begin));
  return cells;
}

std::string line_of(const std::vector<std::string>& cells, const std::filesystem::path& path) {
  std::string line;
  for (const auto& cell : cells) {
    check(cell.find_first_of(std::string_view("\t\n\r\0", 4)) == std::string::npos,
          "{}: the cell \"{}\" has a tab, a line break or a NUL", path.string(), cell);
    if (&cell != &cells.front()) line += '\t';
    line += cell;
  }
  return line += '\n';
}

}  // namespace

std::size_t Table::column(std::string_view name, const std::filesystem::path& file) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  std::string there;
  for (const auto& column : columns) there += (there.empty() ? "" : ", ") + column;
  fail("{}: has no column \"{}\" (it has: {})", file.string(), name, there);
}

Table read_tsv(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) fail("{}: cannot be read", path.string());
  Table table;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find('\0') != std::string::npos) fail("{}:{}: has a NUL character", path.string(), number);
    auto cells = cells_of(line);
    if (number == 1) {
      table.columns = std::move(cells);
      continue;
    }
    if (cells.size() != table.columns.size()) {
      fail("{}:{}: {} fields, the header has {}", path.string(), number, cells.size(), table.columns.size());
    }
    table.rows.push_back(std::move(cells));
  }
  if (file.bad()) fail("{}: cannot be read to its end", path.string());
  if (table.rows.empty()) fail("{}: has no rows below a header line", path.string());
  return table;
}

void write_tsv(const std::filesystem::path& path, const Table& table) {
  std::string text = line_of(table.columns, path);
  for (const auto& row : table.rows) {
    check(row.size() == table.columns.size(), "{}: a row of {} cells in a table of {} columns", path.string(), row.size(),
          table.columns.size());
    text += line_of(row, path);
  }
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  auto partial = path;
  partial += ".partial";
  std::ofstream file(partial, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    fail("{}: cannot be written", path.string());
  }
  std::filesystem::rename(partial, path);
}

}  // namespace thaw
