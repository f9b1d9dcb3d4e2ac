// SPDX-License-Identifier: Apache-2.0
// From logits and truth to metrics.
#include "models/tasks/classification/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "models/tasks/classification/number_scores.h"

namespace thaw {
namespace {

Metrics score_classes(std::span<const float> logits, std::span<const int32_t> truth, int64_t num_labels) {
  std::vector<int32_t> predicted;
  const auto width = static_cast<size_t>(num_labels);
  for (size_t row = 0; row < truth.size(); ++row) predicted.push_back(likeliest(logits.subspan(row * width, width)));
  const auto classes = static_cast<int32_t>(num_labels);
  return {{"accuracy", accuracy(predicted, truth)},
          {"macro_f1", macro_f1(predicted, truth, classes)},
          {"matthews_correlation", matthews_correlation(predicted, truth, classes)}};
}

Metrics score_cells(std::span<const float> logits, std::span<const double> truth, int64_t num_labels,
                    double threshold) {
  const double cut = logit_of(threshold);
  std::vector<uint8_t> predicted, wanted;
  for (const float logit : logits) predicted.push_back(static_cast<double>(logit) > cut);
  for (const double value : truth) wanted.push_back(value > 0.5);
  const MultiLabelScores s = multi_label_scores(predicted, wanted, static_cast<int32_t>(num_labels));
  return {{"micro_f1", s.micro_f1}, {"macro_f1", s.macro_f1}, {"subset_accuracy", s.subset_accuracy}};
}

}  // namespace

Metrics score(ProblemType type, std::span<const float> logits, const ClassificationTargets& targets,
              const std::vector<std::string>& labels, double threshold) {
  const auto num_labels = static_cast<int64_t>(labels.size());
  if (!std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); })) {
    Metrics unknown;
    for (const std::string& name : metric_names(type, labels))
      if (name != "loss") unknown[name] = std::numeric_limits<double>::quiet_NaN();
    return unknown;
  }
  if (type == ProblemType::single_label) return score_classes(logits, targets.classes, num_labels);
  if (type == ProblemType::multi_label) return score_cells(logits, targets.values, num_labels, threshold);
  return score_numbers(logits, targets.values, labels);
}

std::vector<std::string> metric_names(ProblemType type, const std::vector<std::string>& labels) {
  if (type == ProblemType::single_label) return {"accuracy", "loss", "macro_f1", "matthews_correlation"};
  if (type == ProblemType::multi_label) return {"loss", "macro_f1", "micro_f1", "subset_accuracy"};
  std::vector<std::string> names = number_metric_names(labels);
  names.insert(names.begin(), "loss");
  return names;
}

std::vector<float> scores_of(ProblemType type, const Variable& logits) {
  std::vector<float> scores = classification_scores(type, logits).value().to_host<float>();
  const std::vector<float> raw = logits.value().to_host<float>();
  const auto width = static_cast<size_t>(logits.size(1));
  for (size_t row = 0; row < raw.size(); row += width) {
    const auto is_finite = [](float x) { return std::isfinite(x); };
    if (!std::ranges::all_of(std::span(raw).subspan(row, width), is_finite))
      std::ranges::fill(std::span(scores).subspan(row, width), std::numeric_limits<float>::quiet_NaN());
  }
  return scores;
}

int32_t likeliest(std::span<const float> row) {
  return static_cast<int32_t>(std::ranges::max_element(row) - row.begin());
}

}  // namespace thaw
