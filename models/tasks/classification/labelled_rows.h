// SPDX-License-Identifier: Apache-2.0
// Rows of data as a classifier needs them: what the model reads, and a label.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/data/field_names.h"
#include "models/tasks/classification/options.h"
#include "models/tasks/row_encoder.h"

namespace thaw {

struct LabelledRow {
  InputRow input;
  std::string label;
  int64_t line = 0;  // where it begins in its file, or the picture's number; from 1
};

// Where such rows come from.
class LabelledSource {
 public:
  virtual ~LabelledSource() = default;
  virtual bool next(LabelledRow& row) = 0;  // false at the end
};

class LabelledRows {
 public:
  // Of a table; of pictures and sounds also folders of classes, or a file that holds many (file_sources.h). Errors name
  // file and line.
  LabelledRows(const std::string& file, const ClassificationOptions& options, const FieldNames& called = {});

  bool next(LabelledRow& row) { return source_->next(row); }

 private:
  std::unique_ptr<LabelledSource> source_;
};

// std::runtime_error: there are none.
[[noreturn]] void fail_without_rows(const std::string& file, const ClassificationOptions& options);

}  // namespace thaw
