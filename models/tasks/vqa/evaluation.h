// SPDX-License-Identifier: Apache-2.0
// What a model answered, beside what is true. N questions, L answers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"
#include "models/tasks/vqa/answers.h"

namespace thaw {

class VqaEvaluation : public Evaluation {
 public:
  // logits: [N, L], row-major.
  VqaEvaluation(std::vector<std::string> answers, std::vector<float> logits, std::vector<Truth> truths, double loss)
      : answers_(std::move(answers)), logits_(std::move(logits)), truths_(std::move(truths)), loss_(loss) {}

  int64_t size() const override { return std::ssize(truths_); }
  double loss() const override { return loss_; }
  // The mean of how far the likeliest answers are true. NaN where a logit is not finite.
  Metrics scores(std::span<const int64_t> which) const override;
  // By how much what was said is likelier than the truest answer; nothing is wrong with one that is as true.
  Judgement judgement(int64_t question) const override;
  // A question is of its truest answer; of several, of the one that was said.
  std::vector<ClassScores> classes() const override;
  // Where each question has an answer that the model knows.
  std::optional<ConfusionMatrix> confusion() const override;

 private:
  std::span<const float> logits(int64_t question) const {
    return std::span(logits_).subspan(static_cast<size_t>(question) * answers_.size(), answers_.size());
  }
  const Truth& truth(int64_t question) const { return truths_[static_cast<size_t>(question)]; }
  // By their numbers; truth: -1 where there is none.
  struct SaidAndTrue {
    int32_t said, truth;
  };
  SaidAndTrue of(int64_t question) const;

  std::vector<std::string> answers_;
  std::vector<float> logits_;
  std::vector<Truth> truths_;
  double loss_;
};

}  // namespace thaw
