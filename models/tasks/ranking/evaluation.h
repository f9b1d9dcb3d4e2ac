// SPDX-License-Identifier: Apache-2.0
// What a model said of rows or of pairs, beside which are better. N examples.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"

namespace thaw {

// Of rows with scores.
class ScoredEvaluation : public Evaluation {
 public:
  // said, truth, groups: [N].
  ScoredEvaluation(std::vector<double> said, std::vector<double> truth, std::vector<int32_t> groups, double loss);

  static std::vector<std::string> metric_names() { return {"loss", "pair_accuracy", "spearman"}; }

  int64_t size() const override { return std::ssize(said_); }
  double loss() const override { return loss_; }
  // pair_accuracy: of all pairs of a group whose scores differ the share that is in order, ties are half of one.
  // spearman: the mean over the groups that have such pairs. 0 where there are none; NaN where a number of the model
  // is.
  Metrics scores(std::span<const int64_t> which) const override;
  // Both numbers, by how far the row's place in its group is off, as a share of the group.
  Judgement judgement(int64_t row) const override;

 private:
  std::vector<double> said_, truth_;
  std::vector<int32_t> groups_;
  double loss_;
  bool is_finite_;
  std::vector<double> displaced_;  // of each row
};

// Of pairs.
class PreferenceEvaluation : public Evaluation {
 public:
  // better, worse: [N], what was said of both.
  PreferenceEvaluation(std::vector<double> better, std::vector<double> worse, double loss)
      : better_(std::move(better)), worse_(std::move(worse)), loss_(loss) {}

  static std::vector<std::string> metric_names() { return {"loss", "pair_accuracy"}; }

  int64_t size() const override { return std::ssize(better_); }
  double loss() const override { return loss_; }
  Metrics scores(std::span<const int64_t> which) const override;
  // By how much the worse one is said to be better.
  Judgement judgement(int64_t pair) const override;

 private:
  std::vector<double> better_, worse_;
  double loss_;
};

}  // namespace thaw
