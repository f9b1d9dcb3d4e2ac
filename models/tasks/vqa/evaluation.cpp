// SPDX-License-Identifier: Apache-2.0
// Counts answers.
#include "models/tasks/vqa/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/metrics/probabilities.h"
#include "models/tasks/classification/scores.h"

namespace thaw {
VqaEvaluation::SaidAndTrue VqaEvaluation::of(int64_t question) const {
  const int32_t said = likeliest(logits(question));
  return {said, truest(truth(question), said)};
}

Metrics VqaEvaluation::scores(std::span<const int64_t> which) const {
  double sum = 0;
  for (const int64_t question : which) {
    const auto row = logits(question);
    if (!std::ranges::all_of(row, [](float x) { return std::isfinite(x); }))
      return {{"accuracy", std::numeric_limits<double>::quiet_NaN()}};
    sum += static_cast<double>(truth_of(truth(question), likeliest(row)));
  }
  return {{"accuracy", sum / static_cast<double>(which.size())}};
}

Evaluation::Judgement VqaEvaluation::judgement(int64_t question) const {
  const auto [said, best] = of(question);
  const auto probability = [&](int32_t answer) {
    return answer < 0 ? 0 : sigmoid(static_cast<double>(logits(question)[static_cast<size_t>(answer)]));
  };
  return {truth_text(truth(question), answers_), answers_[static_cast<size_t>(said)],
          said == best ? 0 : probability(said) - probability(best)};
}

std::vector<Evaluation::ClassScores> VqaEvaluation::classes() const {
  std::vector<MatchCounts> counts(answers_.size());
  for (int64_t question = 0; question < size(); ++question) {
    const auto [said, best] = of(question);
    counts[static_cast<size_t>(said)] += {said == best, 1, 0};
    if (best >= 0) counts[static_cast<size_t>(best)] += {0, 0, 1};
  }
  std::vector<ClassScores> classes;
  for (size_t i = 0; i < answers_.size(); ++i) classes.push_back({answers_[i], PrecisionRecall(counts[i])});
  return classes;
}

std::optional<ConfusionMatrix> VqaEvaluation::confusion() const {
  ConfusionMatrix matrix(static_cast<int32_t>(answers_.size()));
  for (int64_t question = 0; question < size(); ++question) {
    const auto [said, best] = of(question);
    if (best < 0) return {};
    matrix.add(best, said);
  }
  return matrix;
}

}  // namespace thaw
