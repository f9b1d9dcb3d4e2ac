// SPDX-License-Identifier: Apache-2.0
// Whole texts of a file, whose parts belong together: a row of a table each; of plain text all lines up to one with
// nothing but blanks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/table.h"

namespace thaw {

// Is there nothing but blanks?
bool is_blank_text(std::string_view text);

struct Document {
  std::string text;                      // of plain text its lines, with line breaks between
  int64_t line = 0;                      // where it begins in its file, from 1
  std::vector<std::string> others = {};  // of a table: the row's cells behind the text
};

class DocumentReader {
 public:
  // Errors as TableReader's. Of a table, texts are in `column`.
  DocumentReader(const std::filesystem::path& file, const std::string& column);
  // Of rows whose first cell is the text, or a line of one.
  DocumentReader(TableReader rows, bool joins_lines);

  // False at the end. A blank row of a table is a blank text. std::runtime_error naming file and line on a broken
  // row.
  bool next(Document& document);
  std::string where(const Document& document) const;  // "FILE:LINE"

 private:
  bool joins_lines_;
  TableReader rows_;
};

}  // namespace thaw
