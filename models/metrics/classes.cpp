// SPDX-License-Identifier: Apache-2.0
// Rows and columns of the confusion matrix.
#include "models/metrics/classes.h"

#include <cstddef>
#include <numeric>

#include "tensor/check.h"

namespace thaw {

ConfusionMatrix::ConfusionMatrix(int32_t classes)
    : classes_(classes), counts_(static_cast<size_t>(classes) * static_cast<size_t>(classes)) {}

size_t ConfusionMatrix::cell(int32_t truth, int32_t predicted) const {
  for (const int32_t one : {truth, predicted})
    check(one >= 0 && one < classes_, "confusion matrix: class {} is not in [0, {})", one, classes_);
  return static_cast<size_t>(truth) * static_cast<size_t>(classes_) + static_cast<size_t>(predicted);
}

void ConfusionMatrix::add(int32_t truth, int32_t predicted, int64_t count) { counts_[cell(truth, predicted)] += count; }

void ConfusionMatrix::add(std::span<const int32_t> truth, std::span<const int32_t> predicted) {
  check(truth.size() == predicted.size(), "confusion matrix: {} true classes, {} predicted", truth.size(),
        predicted.size());
  for (size_t i = 0; i < truth.size(); ++i) add(truth[i], predicted[i]);
}

int64_t ConfusionMatrix::at(int32_t truth, int32_t predicted) const { return counts_[cell(truth, predicted)]; }

int64_t ConfusionMatrix::total() const { return std::accumulate(counts_.begin(), counts_.end(), int64_t{0}); }

ClassReport class_report(const ConfusionMatrix& matrix) {
  ClassReport report;
  int64_t right = 0;
  for (int32_t i = 0; i < matrix.classes(); ++i) {
    MatchCounts counts{matrix.at(i, i), 0, 0};
    for (int32_t j = 0; j < matrix.classes(); ++j) {
      counts.truth += matrix.at(i, j);
      counts.predicted += matrix.at(j, i);
    }
    right += counts.matched;
    report.classes.emplace_back(counts);
  }
  report.macro = mean_over_classes(report.classes, false);
  report.weighted = mean_over_classes(report.classes, true);
  const int64_t total = matrix.total();
  report.accuracy = total > 0 ? static_cast<double>(right) / static_cast<double>(total) : 0;
  return report;
}

}  // namespace thaw
