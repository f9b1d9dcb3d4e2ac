// SPDX-License-Identifier: Apache-2.0
// The rows that a classifier's predictions are asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/classification/labelled_rows.h"
#include "models/tasks/medium.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/task_model.h"

namespace thaw {

class PredictedRows {
 public:
  // Of a table or of lines; of pictures and sounds also one itself, or several, a file that holds many, or folders of
  // classes. Errors name file and line. A path of a table is one from there, a path of a line one from the working
  // directory.
  PredictedRows(const PredictionRequest& request, const ClassificationOptions& options, const FieldNames& called);

  bool next(InputRow& row);  // false at the end

 private:
  // std::runtime_error naming one that is none by its name.
  void take_several(const PredictionRequest& request, const Medium& medium);

  std::optional<TableReader> table_;
  std::string folder_;
  std::unique_ptr<LabelledSource> files_;  // else these ...
  std::vector<std::string> ones_;          // ... or these
  size_t next_ = 0;                        // of ones_
};

}  // namespace thaw
