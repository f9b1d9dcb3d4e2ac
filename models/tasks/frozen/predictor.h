// SPDX-License-Identifier: Apache-2.0
// Answers of sequences, one after the other.
#pragma once

#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/sequences/labelled_sequences.h"
#include "models/tasks/frozen/longer_sequences.h"
#include "models/tasks/frozen/model.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"

namespace thaw {

class FrozenPredictor : public Predictor {
 public:
  // Opens the sequences: JSONL, or pictures; answers are not looked at. Errors name file and line, or picture; a
  // sequence for which the model's numbers overflow is one, too. std::invalid_argument if they are asked for in another
  // format than JSONL.
  FrozenPredictor(FrozenModel& model, int64_t patch, const PredictionRequest& request, const FieldNames& called);

  std::vector<std::string> notes() const override;
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  bool read_one();
  std::string line_of(const std::vector<int32_t>& answers, double probability) const;

  FrozenModel& model_;
  bool as_json_;
  SequenceReader reader_;
  RowErrors errors_;
  LongerSequences longer_;
  std::vector<Encoding> sequences_;
  std::vector<std::string> places_;
};

}  // namespace thaw
