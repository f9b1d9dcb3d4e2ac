// SPDX-License-Identifier: Apache-2.0
// Rows of a data file as writing is learnt from: a source, and what should be written for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

struct SourceRow {
  std::string source;                   // with its prefix
  std::vector<std::string> references;  // the first one is learnt, the others are as right
};

class SourceRows {
 public:
  // Several target columns: their names between commas.
  SourceRows(const std::string& file, const Text2TextOptions& options);

  // std::runtime_error "FILE:LINE: ..." on a row whose first target is empty. Of further ones the empty are none.
  bool next(SourceRow& row);
  std::string where() const { return reader_.where(row_); }
  int64_t line() const { return row_.line; }

 private:
  std::string prefix_;
  std::vector<std::string> targets_;
  TableReader reader_;
  TableRow row_;
};

// The targets of a file, if they are labels (label_words.h); else nothing.
std::vector<std::string> find_label_words(const std::string& file, const Text2TextOptions& options);

// Why target columns (one, or several between commas) are no columns beside the source's: an empty name, one that is
// there twice, the source's own; behind what the options concerned are `called`. Empty if they are fine.
std::string column_fault(const Text2TextOptions& options, const FieldNames& called);

// Why the words before every source are no text, or leave no room for one; empty if they are fine.
std::string prefix_fault(const TextEncoder& encoder, const std::string& prefix);
// std::invalid_argument that names source_prefix if there is a fault.
void check_source_prefix(const TextEncoder& encoder, const std::string& prefix);

}  // namespace thaw
