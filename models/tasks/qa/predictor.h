// SPDX-License-Identifier: Apache-2.0
// Answers to questions, row by row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/questions.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/qa/options.h"
#include "models/tasks/qa/squad_file.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class QaPredictor : public Predictor {
 public:
  // Opens the rows: JSONL, or a file of SQuAD's. Errors name file and line; a question for which the model's numbers
  // overflow is one, too, as is an id that comes twice where a file of SQuAD's is to be written.
  QaPredictor(TextPipeline& model, const QaOptions& options, const PredictionRequest& request,
              const FieldNames& called);

  std::vector<std::string> notes() const override;
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  TextPipeline& model_;
  QaOptions options_;
  bool as_json_;
  QuestionReader reader_;
  CutCount cut_;
  std::optional<SquadFile> predictions_, null_odds_;
  RowErrors errors_;
};

}  // namespace thaw
