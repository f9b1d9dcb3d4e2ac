// SPDX-License-Identifier: Apache-2.0
// Joins lines of plain text.
#include "models/data/document_reader.h"

#include <iterator>
#include <utility>

namespace thaw {

bool is_blank_text(std::string_view text) { return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

DocumentReader::DocumentReader(const std::filesystem::path& file, const std::string& column)
    : DocumentReader(TableReader(file, {.columns = {column}, .text_columns = {column}}),
                     table_format(file) == TableFormat::lines) {}

DocumentReader::DocumentReader(TableReader rows, bool joins_lines)
    : joins_lines_(joins_lines), rows_(std::move(rows)) {}

bool DocumentReader::next(Document& document) {
  document = {};
  for (TableRow row; rows_.next(row);) {
    std::string& text = row.cells[0];
    if (!joins_lines_) {
      document = {std::move(text), row.line, {std::next(row.cells.begin()), row.cells.end()}};
      return true;
    }
    if (is_blank_text(text)) {
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
