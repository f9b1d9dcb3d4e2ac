// SPDX-License-Identifier: Apache-2.0
// Rows of one side of pairs that something is said of: pictures or sounds in any of the ways that classifiers take
// them, or texts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/classification/predicted_rows.h"
#include "models/tasks/pair_pipeline.h"
#include "models/tasks/pairs/options.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"

namespace thaw {

class SideRows {
 public:
  // Errors name file and line.
  SideRows(PairSide side, const PredictionRequest& request, const PairOptions& options, const FieldNames& called);

  bool next(InputRow& row);  // false at the end

 private:
  std::optional<PredictedRows> files_;  // either ...
  std::optional<TableReader> texts_;    // ... or
};

// Some of them, as the model reads them.
struct SideBatch {
  std::vector<InputRow> rows;
  std::vector<Encoding> encodings;

  // Up to `count` of the next ones; none if there are none left.
  SideBatch(SideRows& from, const RowEncoder& encoder, int64_t count, RowErrors& errors);
  // Their vectors [rows, P]. std::runtime_error naming the first row whose numbers overflow.
  std::vector<float> vectors(PairPipeline& model, PairSide side) const;
};

}  // namespace thaw
