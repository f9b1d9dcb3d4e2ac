// SPDX-License-Identifier: Apache-2.0
// Answers of sequences, one after the other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/data/sequences/image_files.h"
#include "models/data/sequences/sequence_rows.h"
#include "models/tasks/frozen/model.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"

namespace thaw {

class FrozenPredictor : public Predictor {
 public:
  // Opens the sequences: JSONL, or pictures. Errors name file and line; a sequence for which the model's numbers
  // overflow is one, too.
  FrozenPredictor(FrozenModel& model, int64_t patch, const PredictionRequest& request);

  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  bool read_one();
  std::string line_of(const std::vector<int32_t>& answers, double probability) const;

  FrozenModel& model_;
  int64_t patch_;
  bool as_json_;
  std::optional<SequenceRows> rows_;
  LabelledPictures pictures_;
  int64_t picture_ = 0;  // the next
  RowErrors errors_;
  std::vector<Encoding> sequences_;
  std::vector<std::string> places_;
};

}  // namespace thaw
