// SPDX-License-Identifier: Apache-2.0
// Counts partners that were found.
#include "models/tasks/embed/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/metrics/ranking.h"
#include "nn/train/metrics.h"

namespace thaw {
namespace {

float product(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

EmbedEvaluation::EmbedEvaluation(std::vector<float> first, std::vector<float> second, int64_t width,
                                 std::vector<double> scores, double loss)
    : first_(std::move(first)), second_(std::move(second)), width_(width), scores_(std::move(scores)), loss_(loss) {}

std::span<const float> EmbedEvaluation::row(const std::vector<float>& rows, int64_t pair) const {
  return std::span(rows).subspan(static_cast<size_t>(pair * width_), static_cast<size_t>(width_));
}

double EmbedEvaluation::cosine(int64_t pair) const {
  return static_cast<double>(product(row(first_, pair), row(second_, pair)));
}

Metrics EmbedEvaluation::scores(std::span<const int64_t> which) const {
  if (!scores_.empty()) {
    std::vector<double> said, truth;
    for (const int64_t pair : which) {
      said.push_back(cosine(pair));
      truth.push_back(scores_[static_cast<size_t>(pair)]);
    }
    return {{"pearson", pearson(said, truth)}, {"spearman", spearman(said, truth)}};
  }
  std::vector<int64_t> ranks;
  std::vector<float> cosines(which.size());  // a row at a time: all of them are N^2
  for (size_t q = 0; q < which.size(); ++q) {
    const auto query = row(first_, which[q]);
    for (size_t c = 0; c < which.size(); ++c) cosines[c] = product(query, row(second_, which[c]));
    ranks.push_back(rank_of(cosines, static_cast<int64_t>(q)));
  }
  return {{"recall_at_1", recall_at(ranks, 1)},
          {"recall_at_10", recall_at(ranks, 10)},
          {"mrr", mean_reciprocal_rank(ranks)}};
}

Evaluation::Judgement EmbedEvaluation::judgement(int64_t pair) const {
  const double said = cosine(pair), truth = scores_.empty() ? 1 : scores_[static_cast<size_t>(pair)];
  return {scores_.empty() ? "partners" : fmt::format("{:.4g}", truth), fmt::format("{:.4f}", said),
          std::abs(truth - said)};
}

}  // namespace thaw
