// SPDX-License-Identifier: Apache-2.0
// Counts partners that were found.
#include "models/tasks/embed/evaluation.h"

#include <fmt/format.h>

#include <cmath>

#include "models/metrics/ranking.h"
#include "nn/train/metrics.h"

namespace thaw {
namespace {

template <typename T>
std::vector<T> pick(const std::vector<T>& all, std::span<const int64_t> which) {
  std::vector<T> picked;
  for (const int64_t number : which) picked.push_back(all[static_cast<size_t>(number)]);
  return picked;
}

}  // namespace

Metrics EmbedEvaluation::scores(std::span<const int64_t> which) const {
  if (!truth_.empty()) {
    const std::vector<double> said = pick(cosines_, which), truth = pick(truth_, which);
    return {{"pearson", pearson(said, truth)}, {"spearman", spearman(said, truth)}};
  }
  const std::vector<int64_t> ranks = pick(ranks_, which);
  return {{"recall_at_1", recall_at(ranks, 1)},
          {"recall_at_10", recall_at(ranks, 10)},
          {"mrr", mean_reciprocal_rank(ranks)}};
}

Evaluation::Judgement EmbedEvaluation::judgement(int64_t pair) const {
  const auto at = static_cast<size_t>(pair);
  const double said = cosines_[at], truth = truth_.empty() ? 1 : truth_[at];
  return {truth_.empty() ? "partners" : fmt::format("{:.4g}", truth), fmt::format("{:.4f}", said),
          std::abs(truth - said)};
}

}  // namespace thaw
