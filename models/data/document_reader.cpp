// SPDX-License-Identifier: Apache-2.0
// Joins lines of plain text.
#include "models/data/document_reader.h"

namespace thaw {

DocumentReader::DocumentReader(const std::filesystem::path& file, const std::string& column)
    : in_lines_(table_format(file) == TableFormat::lines),
      rows_(file, {.columns = {column}, .text_columns = {column}}) {}

bool DocumentReader::next(Document& document) {
  document = {};
  for (TableRow row; rows_.next(row);) {
    const std::string& text = row.cells[0];
    if (!in_lines_) {
      document = {text, row.line};
      return true;
    }
    if (text.find_first_not_of(" \t") == std::string::npos) {
      if (document.line > 0) return true;
      continue;
    }
    if (document.line == 0) document.line = row.line;
    if (!document.text.empty()) document.text += '\n';
    document.text += text;
  }
  return document.line > 0;
}

std::string DocumentReader::where(const Document& document) const { return rows_.where({document.line, {}}); }

}  // namespace thaw
