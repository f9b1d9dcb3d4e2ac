// SPDX-License-Identifier: Apache-2.0
// Counts what a classifier said.
#include "models/tasks/classification/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/metrics/probabilities.h"
#include "models/tasks/classification/scores.h"

namespace thaw {
namespace {

void add_label(std::string& list, const std::string& label) { list += (list.empty() ? "" : "|") + label; }

}  // namespace

std::string truth_of(ProblemType type, const std::vector<std::string>& labels, const ClassificationTargets& targets,
                     int64_t row) {
  if (type == ProblemType::single_label) return labels[static_cast<size_t>(targets.classes[static_cast<size_t>(row)])];
  std::string truth;
  for (size_t i = 0; i < labels.size(); ++i) {
    const double value = targets.values[static_cast<size_t>(row) * labels.size() + i];
    if (type == ProblemType::regression) {
      add_label(truth, fmt::format("{:.6g}", value));
    } else if (value > 0.5) {
      add_label(truth, labels[i]);
    }
  }
  return truth;
}

Metrics ClassificationEvaluation::scores(std::span<const int64_t> which) const {
  std::vector<float> logits;
  ClassificationTargets targets;
  for (const int64_t text : which) {
    const auto row = this->logits(text);
    logits.insert(logits.end(), row.begin(), row.end());
    if (type_ == ProblemType::single_label) {
      targets.classes.push_back(targets_.classes[static_cast<size_t>(text)]);
    } else {
      const auto values = std::span(targets_.values).subspan(first(text), labels_.size());
      targets.values.insert(targets.values.end(), values.begin(), values.end());
    }
  }
  return score(type_, logits, targets, labels_, threshold_);
}

Evaluation::Judgement ClassificationEvaluation::judgement(int64_t text) const {
  Judgement judgement{truth_of(type_, labels_, targets_, text), {}, 0};
  const auto row = logits(text);
  if (type_ == ProblemType::single_label) {
    const auto said = static_cast<size_t>(likeliest(row));
    const auto truth = static_cast<size_t>(targets_.classes[static_cast<size_t>(text)]);
    const std::vector<double> shares = softmax(row);
    judgement.said = labels_[said];
    judgement.wrongness = shares[said] - shares[truth];
    return judgement;
  }
  const double cut = logit_of(threshold_);
  for (size_t i = 0; i < row.size(); ++i) {
    const double truth = targets_.values[first(text) + i];
    if (type_ == ProblemType::regression) {
      add_label(judgement.said, fmt::format("{:.6g}", row[i]));
      judgement.wrongness += std::abs(static_cast<double>(row[i]) - truth);
    } else {
      const bool said = static_cast<double>(row[i]) > cut;
      if (said) add_label(judgement.said, labels_[i]);
      if (said != (truth > 0.5)) judgement.wrongness += std::abs(sigmoid(row[i]) - truth);
    }
  }
  return judgement;
}

std::vector<Evaluation::ClassScores> ClassificationEvaluation::classes() const {
  if (type_ == ProblemType::regression) return {};
  std::vector<PrecisionRecall> scores;
  if (const std::optional<ConfusionMatrix> matrix = confusion()) {
    scores = class_report(*matrix).classes;
  } else {
    std::vector<MatchCounts> counts(labels_.size());
    const double cut = logit_of(threshold_);
    for (size_t cell = 0; cell < logits_.size(); ++cell) {
      const bool said = static_cast<double>(logits_[cell]) > cut, is_true = targets_.values[cell] > 0.5;
      counts[cell % labels_.size()] += {said && is_true, said, is_true};
    }
    for (const MatchCounts& count : counts) scores.emplace_back(count);
  }
  std::vector<ClassScores> classes;
  for (size_t i = 0; i < labels_.size(); ++i) classes.push_back({labels_[i], scores[i]});
  return classes;
}

std::optional<ConfusionMatrix> ClassificationEvaluation::confusion() const {
  if (type_ != ProblemType::single_label) return {};
  ConfusionMatrix matrix(static_cast<int32_t>(labels_.size()));
  for (int64_t text = 0; text < size(); ++text)
    matrix.add(targets_.classes[static_cast<size_t>(text)], likeliest(logits(text)));
  return matrix;
}

}  // namespace thaw
