// SPDX-License-Identifier: Apache-2.0
// The likeliest words for each mask of a text.
#pragma once

#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/mlm/options.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/unknown_count.h"

namespace thaw {

class MlmPredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line; a text without a mask, or with one beyond the length that the model
  // takes, is one, too.
  MlmPredictor(TextPipeline& model, const MlmOptions& options, const PredictionRequest& request,
               const FieldNames& called);

  std::vector<std::string> notes() const override;
  // TSV: a line for each word of each mask.
  std::string header() const override { return as_json_ ? "" : "mask\tword\tprobability\ttext\n"; }
  bool next(int64_t rows, std::string& lines) override;

 private:
  TextPipeline& model_;
  int64_t top_k_;
  bool as_json_;
  TableReader reader_;
  CutCount cut_;
  UnknownCount unknown_;
  RowErrors errors_;
};

}  // namespace thaw
