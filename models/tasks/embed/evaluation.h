// SPDX-License-Identifier: Apache-2.0
// Vectors of pairs, and how well they find each other. N pairs, C numbers a vector.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/task_model.h"

namespace thaw {

class EmbedEvaluation : public Evaluation {
 public:
  // first, second: [N, C] row-major, of unit length; scores: [N], or none where all pairs are partners.
  EmbedEvaluation(std::vector<float> first, std::vector<float> second, int64_t width, std::vector<double> scores,
                  double loss);

  int64_t size() const override { return static_cast<int64_t>(first_.size()) / width_; }
  // Partners: the mean loss within the batches of the evaluation.
  double loss() const override { return loss_; }
  // Partners: of each first text, how well its partner is found among the second texts of `which`, by cosine:
  // recall_at_1, recall_at_10, mrr. Scores: pearson and spearman of cosines and scores.
  Metrics scores(std::span<const int64_t> which) const override;
  // Scores: both numbers, by how far they are apart. Partners: their cosine, by what is missing to 1.
  Judgement judgement(int64_t pair) const override;

 private:
  std::span<const float> row(const std::vector<float>& rows, int64_t pair) const;
  double cosine(int64_t pair) const;

  std::vector<float> first_, second_;
  int64_t width_;
  std::vector<double> scores_;
  double loss_;
};

}  // namespace thaw
