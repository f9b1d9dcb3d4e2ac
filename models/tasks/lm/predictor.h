// SPDX-License-Identifier: Apache-2.0
// How likely texts are.
#pragma once

#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/lm/documents.h"
#include "models/tasks/lm/options.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/text_survey.h"

namespace thaw {

class LmPredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line; a prompt that leaves no token of its text is one. A text without a token
  // to be told has its line, too.
  LmPredictor(TextPipeline& model, const LmOptions& options, const PredictionRequest& request,
              const FieldNames& called);

  std::vector<std::string> notes() const override;
  // TSV: a line a text.
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  TextPipeline& model_;
  LmEncoder encoder_;
  bool as_json_, has_prompts_;
  LmRows rows_;
  CutCount cut_;
  Occurrence useless_;
  RowErrors errors_;
};

}  // namespace thaw
