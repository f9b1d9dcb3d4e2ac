// SPDX-License-Identifier: Apache-2.0
// Whole texts of a file, whose parts belong together: a row of a table each; of plain text all lines up to an empty
// one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "models/data/table.h"

namespace thaw {

struct Document {
  std::string text;  // of plain text its lines, with line breaks between
  int64_t line = 0;  // where it begins in its file, from 1
};

class DocumentReader {
 public:
  // Errors as TableReader's. Of a table, texts are in `column`.
  DocumentReader(const std::filesystem::path& file, const std::string& column);

  // False at the end. An empty row of a table is an empty text. std::runtime_error naming file and line on a broken
  // row.
  bool next(Document& document);
  std::string where(const Document& document) const;  // "FILE:LINE"

 private:
  bool in_lines_;
  TableReader rows_;
};

}  // namespace thaw
