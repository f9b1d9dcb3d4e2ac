// SPDX-License-Identifier: Apache-2.0
// Tables of questions about pictures.
#pragma once

#include <cstdint>
#include <string>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/task_model.h"
#include "models/tasks/vqa/options.h"

namespace thaw {

struct QuestionRow {
  InputRow input;      // the picture's path and the question
  std::string answer;  // the cell; of rows to predict empty
  int64_t line = 0;
};

class QuestionRows {
 public:
  // With answers. Paths are from the folder that the table is in. Errors name file and line.
  QuestionRows(const std::string& file, const VqaOptions& options, const FieldNames& called);
  // To predict: a row of a stream has its path from the working directory. std::runtime_error for what is no table.
  QuestionRows(const PredictionRequest& request, const VqaOptions& options, const FieldNames& called);

  bool next(QuestionRow& row);  // false at the end

 private:
  bool has_answers_;
  std::string folder_;
  TableReader reader_;
};

}  // namespace thaw
