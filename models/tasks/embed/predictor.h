// SPDX-License-Identifier: Apache-2.0
// Cosines of pairs, row by row.
#pragma once

#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/cut_count.h"
#include "models/tasks/embed/options.h"
#include "models/tasks/embed/text_embedder.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/unknown_count.h"

namespace thaw {

class EmbedPredictor : public Predictor {
 public:
  // Opens the rows. std::invalid_argument without a text_pair_column. Errors name file and line.
  EmbedPredictor(TextEmbedder& model, const EmbedOptions& options, const PredictionRequest& request,
                 const FieldNames& called);

  std::vector<std::string> notes() const override;
  std::string header() const override { return as_json_ ? "" : "cosine\ttext\ttext_pair\n"; }
  bool next(int64_t rows, std::string& lines) override;

 private:
  TextEmbedder& model_;
  bool as_json_;
  TableReader reader_;
  CutCount cut_;  // both texts of each pair
  UnknownCount unknown_;
  RowErrors errors_;
};

}  // namespace thaw
