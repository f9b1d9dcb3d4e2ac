// SPDX-License-Identifier: Apache-2.0
// Answers and how probable they are, row by row.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/classification/prediction_writer.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/vqa/question_answerer.h"
#include "models/tasks/vqa/rows.h"

namespace thaw {

class VqaPredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line; a row for which the model's numbers overflow is one, too.
  VqaPredictor(QuestionAnswerer& model, const VqaOptions& options, const PredictionRequest& request,
               const FieldNames& called);

  std::vector<std::string> notes() const override { return notes_->lines(); }
  std::string header() const override { return writer_.header(); }
  bool next(int64_t count, std::string& lines) override;

 private:
  QuestionAnswerer& model_;
  PredictionWriter writer_;
  QuestionRows rows_;
  std::unique_ptr<RowNotes> notes_;
  RowErrors errors_;
};

}  // namespace thaw
