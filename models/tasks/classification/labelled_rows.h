// SPDX-License-Identifier: Apache-2.0
// Rows of a data file as a classifier needs them: a text, perhaps a second one, and a label.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/classification/options.h"

namespace thaw {

struct LabelledRow {
  std::string text, label;
  std::optional<std::string> pair;  // absent without a text_pair_column
};

class LabelledRows {
 public:
  LabelledRows(const std::string& file, const ClassificationOptions& options, const FieldNames& called = {});

  bool next(LabelledRow& row);
  std::string where() const { return reader_.where(row_); }  // "FILE:LINE" of the last row
  int64_t line() const { return row_.line; }

 private:
  bool has_pair_;
  TableReader reader_;
  TableRow row_;
};

}  // namespace thaw
