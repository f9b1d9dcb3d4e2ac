// SPDX-License-Identifier: Apache-2.0
// Writing of tab-separated tables.
#include "examples/data/tsv.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

std::string line_of(const std::vector<std::string>& cells, const std::filesystem::path& path) {
  std::string line;
  for (const auto& cell : cells) {
    check(cell.find_first_of(std::string_view("\t\n\r\0", 4)) == std::string::npos,
          "{}: the cell {} has a tab, a line break or a NUL", path.string(), quote(cell));
    if (&cell != &cells.front()) line += '\t';
    line += cell;
  }
  return line += '\n';
}

}  // namespace

void add_tsv(FileSet& files, const std::filesystem::path& path, const Table& table) {
  std::string text = line_of(table.columns, path);
  for (const auto& row : table.rows) {
    check(row.size() == table.columns.size(), "{}: a row of {} cells in a table of {} columns", path.string(),
          row.size(), table.columns.size());
    text += line_of(row, path);
  }
  files.add(path, text);
}

void write_tsv(const std::filesystem::path& path, const Table& table) {
  FileSet files;
  add_tsv(files, path, table);
  files.commit();
}

}  // namespace thaw
