// SPDX-License-Identifier: Apache-2.0
// Shares of counts.
#include "models/metrics/precision_recall.h"

namespace thaw {
namespace {

double share(int64_t part, int64_t all) { return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0; }

}  // namespace

MatchCounts& MatchCounts::operator+=(const MatchCounts& other) {
  matched += other.matched;
  predicted += other.predicted;
  truth += other.truth;
  return *this;
}

PrecisionRecall::PrecisionRecall(const MatchCounts& counts)
    : precision(share(counts.matched, counts.predicted)),
      recall(share(counts.matched, counts.truth)),
      f1(precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0),
      support(counts.truth),
      predicted(counts.predicted) {}

PrecisionRecall mean_over_classes(const std::vector<PrecisionRecall>& classes, bool weighted) {
  PrecisionRecall mean;
  double weights = 0;
  for (const PrecisionRecall& each : classes) {
    if (each.support + each.predicted == 0) continue;
    const double weight = weighted ? static_cast<double>(each.support) : 1;
    mean.precision += weight * each.precision;
    mean.recall += weight * each.recall;
    mean.f1 += weight * each.f1;
    mean.support += each.support;
    mean.predicted += each.predicted;
    weights += weight;
  }
  if (weights > 0)
    for (double* value : {&mean.precision, &mean.recall, &mean.f1}) *value /= weights;
  return mean;
}

}  // namespace thaw
