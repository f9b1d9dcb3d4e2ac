// SPDX-License-Identifier: Apache-2.0
// Labels and probabilities of texts, row by row.
#pragma once

#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/classification/options.h"
#include "models/tasks/classification/prediction_writer.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/unknown_count.h"

namespace thaw {

class ClassificationPredictor : public Predictor {
 public:
  // Opens the rows. Errors name file and line; a text for which the model's numbers overflow is one, too.
  ClassificationPredictor(TextClassifier& model, const ClassificationOptions& options, const PredictionRequest& request,
                          const FieldNames& called);

  std::vector<std::string> warnings() const override;
  std::vector<std::string> notes() const override;
  std::string header() const override { return writer_.header(); }
  bool next(int64_t rows, std::string& lines) override;

 private:
  TextClassifier& model_;
  FieldNames called_;
  PredictionWriter writer_;
  TableReader reader_;
  CutCount cut_;
  UnknownCount unknown_;
  RowErrors errors_;
};

}  // namespace thaw
