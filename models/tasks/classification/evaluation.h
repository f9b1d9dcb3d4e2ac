// SPDX-License-Identifier: Apache-2.0
// What a classifier said of texts, beside what they are. N texts, L labels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/classification_loss.h"
#include "models/tasks/classification/threshold.h"
#include "models/tasks/task_model.h"

namespace thaw {

// The labels of row `row`, joined by "|"; the numbers of a regression.
std::string truth_of(ProblemType type, const std::vector<std::string>& labels, const ClassificationTargets& targets,
                     int64_t row);

class ClassificationEvaluation : public Evaluation {
 public:
  // logits: [N, L], row-major. threshold: of several labels, those are predicted that are likelier.
  ClassificationEvaluation(ProblemType type, std::vector<std::string> labels, std::vector<float> logits,
                           ClassificationTargets targets, double loss, double threshold = even_threshold)
      : type_(type),
        labels_(std::move(labels)),
        logits_(std::move(logits)),
        targets_(std::move(targets)),
        loss_(loss),
        threshold_(threshold) {}

  ProblemType problem() const { return type_; }
  const std::vector<std::string>& labels() const { return labels_; }
  std::span<const float> logits() const { return logits_; }
  std::span<const float> logits(int64_t text) const { return std::span(logits_).subspan(first(text), labels_.size()); }
  const ClassificationTargets& targets() const { return targets_; }
  void set_threshold(double threshold) { threshold_ = threshold; }

  int64_t size() const override { return static_cast<int64_t>(logits_.size() / labels_.size()); }
  double loss() const override { return loss_; }
  Metrics scores(std::span<const int64_t> which) const override;
  // One label: by how much it is less likely than what was said. Several: by how much each is too likely or too
  // unlikely, of those said wrongly. Numbers: how far they are off, together.
  Judgement judgement(int64_t text) const override;
  // Labels; none of numbers.
  std::vector<ClassScores> classes() const override;
  // Of one label.
  std::optional<ConfusionMatrix> confusion() const override;

 private:
  size_t first(int64_t text) const { return static_cast<size_t>(text) * labels_.size(); }

  ProblemType type_;
  std::vector<std::string> labels_;
  std::vector<float> logits_;
  ClassificationTargets targets_;
  double loss_, threshold_;
};

}  // namespace thaw
