// SPDX-License-Identifier: Apache-2.0
// From logits and truth to metrics.
#include "models/tasks/classification/scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

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

Metrics score_numbers(std::span<const float> predicted, std::span<const double> truth) {
  const std::vector<double> a(predicted.begin(), predicted.end());
  double error = 0;
  for (size_t i = 0; i < a.size(); ++i) error += std::abs(a[i] - truth[i]);
  return {{"pearson", pearson(a, truth)},
          {"spearman", spearman(a, truth)},
          {"mean_absolute_error", a.empty() ? 0 : error / static_cast<double>(a.size())}};
}

}  // namespace

Metrics score(ProblemType type, std::span<const float> logits, const ClassificationTargets& targets, int64_t num_labels,
              double threshold) {
  if (!std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); })) {
    Metrics unknown;
    for (const std::string& name : metric_names(type))
      if (name != "loss") unknown[name] = std::numeric_limits<double>::quiet_NaN();
    return unknown;
  }
  if (type == ProblemType::single_label) return score_classes(logits, targets.classes, num_labels);
  if (type == ProblemType::multi_label) return score_cells(logits, targets.values, num_labels, threshold);
  return score_numbers(logits, targets.values);
}

std::vector<std::string> metric_names(ProblemType type) {
  if (type == ProblemType::single_label) return {"accuracy", "loss", "macro_f1", "matthews_correlation"};
  if (type == ProblemType::multi_label) return {"loss", "macro_f1", "micro_f1", "subset_accuracy"};
  return {"loss", "mean_absolute_error", "pearson", "spearman"};
}

int32_t likeliest(std::span<const float> row) {
  return static_cast<int32_t>(std::ranges::max_element(row) - row.begin());
}

}  // namespace thaw
