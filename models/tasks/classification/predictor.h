// SPDX-License-Identifier: Apache-2.0
// Labels and probabilities of texts, row by row.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/classification/options.h"
#include "models/tasks/classification/predicted_rows.h"
#include "models/tasks/classification/prediction_writer.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"

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
  PredictedRows rows_;
  std::unique_ptr<RowNotes> notes_;
  RowErrors errors_;
};

}  // namespace thaw
