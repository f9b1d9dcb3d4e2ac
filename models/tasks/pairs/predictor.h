// SPDX-License-Identifier: Apache-2.0
// What a model of pairs says of rows: the best of some candidates, or how near partners are.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/pair_pipeline.h"
#include "models/tasks/pairs/options.h"
#include "models/tasks/pairs/side_rows.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"

namespace thaw {

// Of each row of one side the candidates of the other that are nearest, with their probabilities: the softmax over all
// candidates of cosines times e^logit_scale. Of pictures, with texts as candidates, that is to classify them by words.
class CandidatePredictor : public Predictor {
 public:
  // Computes all candidates' vectors. Errors name file and line.
  CandidatePredictor(PairPipeline& model, const PairOptions& options, const PredictionRequest& request,
                     const FieldNames& called);

  // Of the candidates, and of the rows.
  std::vector<std::string> notes() const override;
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  void read_candidates(const std::string& file, const PairOptions& options, const FieldNames& called);
  std::string line(const std::string& row, int64_t place, size_t candidate, double probability) const;
  // [rows, candidates]
  std::vector<float> logits(const std::vector<float>& rows) const;

  PairPipeline& model_;
  PairSide side_, other_;  // of the rows; of the candidates
  bool as_json_;
  int64_t top_;
  std::string row_name_, candidate_name_;  // "image", "text"
  SideRows rows_;
  std::unique_ptr<RowNotes> notes_, candidate_notes_;
  std::vector<std::string> candidates_;
  Tensor vectors_;  // of the candidates [N, P]
  RowErrors errors_;
};

// Of each row with both sides their cosine.
class PairCosines : public Predictor {
 public:
  PairCosines(PairPipeline& model, const PairOptions& options, const PredictionRequest& request,
              const FieldNames& called);

  std::vector<std::string> notes() const override;
  std::string header() const override;
  bool next(int64_t rows, std::string& lines) override;

 private:
  PairPipeline& model_;
  bool as_json_;
  std::string file_name_;
  std::string folder_;
  TableReader reader_;
  std::unique_ptr<RowNotes> file_notes_, text_notes_;
  RowErrors errors_;
};

}  // namespace thaw
