// SPDX-License-Identifier: Apache-2.0
// How well partners were found, both ways. N pairs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/input/input_kind.h"
#include "models/tasks/task_model.h"

namespace thaw {

// "loss", "image_to_text_recall_at_1", ..., "text_to_image_median_rank": in order.
std::vector<std::string> metric_names_of_pairs(InputKind files);

// Where a pair's partners stand: the place of the best text of its picture among all different texts, and of the best
// picture of its text among all different pictures.
struct PairRanks {
  std::vector<int64_t> of_text, of_file;  // [N]
};

class PairEvaluation : public Evaluation {
 public:
  // cosines: [N], of partners.
  PairEvaluation(InputKind files, std::vector<double> cosines, PairRanks ranks, double loss)
      : files_(files), cosines_(std::move(cosines)), ranks_(std::move(ranks)), loss_(loss) {}

  int64_t size() const override { return static_cast<int64_t>(cosines_.size()); }
  double loss() const override { return loss_; }
  // Means over pairs: each asks by its picture and by its text.
  Metrics scores(std::span<const int64_t> which) const override;
  // Their cosine and places, by how many others stand before them.
  Judgement judgement(int64_t pair) const override;

 private:
  InputKind files_;
  std::vector<double> cosines_;
  PairRanks ranks_;
  double loss_;
};

}  // namespace thaw
