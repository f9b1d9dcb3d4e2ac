// SPDX-License-Identifier: Apache-2.0
// Cosines of pairs, and how well partners were found. N pairs.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"

namespace thaw {

class EmbedEvaluation : public Evaluation {
 public:
  // cosines: [N]. truth: [N], how alike pairs are; or none where all are partners, and then ranks: [N], as
  // partner_ranks() gives them.
  EmbedEvaluation(std::vector<double> cosines, std::vector<double> truth, std::vector<int64_t> ranks, double loss)
      : cosines_(std::move(cosines)), truth_(std::move(truth)), ranks_(std::move(ranks)), loss_(loss) {}

  int64_t size() const override { return static_cast<int64_t>(cosines_.size()); }
  // Partners: the mean_contrast() of all.
  double loss() const override { return loss_; }
  // Partners: of each first text, how well its partner is found among the second texts of all N pairs, by cosine:
  // recall_at_1, recall_at_10, mrr. Scores: pearson and spearman of cosines and scores.
  Metrics scores(std::span<const int64_t> which) const override;
  // Scores: both numbers, by how far they are apart. Partners: their cosine, by what is missing to 1.
  Judgement judgement(int64_t pair) const override;

 private:
  std::vector<double> cosines_, truth_;
  std::vector<int64_t> ranks_;
  double loss_;
};

}  // namespace thaw
