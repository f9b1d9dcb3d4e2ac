// SPDX-License-Identifier: Apache-2.0
// What a classifier takes for what, class by class.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/metrics/precision_recall.h"

namespace thaw {

// How often class `truth` was predicted as class `predicted`. Counts add up: one example after the other.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int32_t classes);

  // Throws std::invalid_argument on a class outside of [0, classes).
  void add(int32_t truth, int32_t predicted, int64_t count = 1);
  // Of pairs. Throws std::invalid_argument if the two are not of one length.
  void add(std::span<const int32_t> truth, std::span<const int32_t> predicted);

  int32_t classes() const { return classes_; }
  int64_t at(int32_t truth, int32_t predicted) const;
  int64_t total() const;

 private:
  size_t cell(int32_t truth, int32_t predicted) const;

  int32_t classes_;
  std::vector<int64_t> counts_;  // [truth, predicted], row-major
};

struct ClassReport {
  std::vector<PrecisionRecall> classes;
  // Over the classes that are true or predicted at least once, as scikit-learn does for the labels that it finds.
  PrecisionRecall macro, weighted;
  double accuracy = 0;  // 0 of none
};

ClassReport class_report(const ConfusionMatrix& matrix);

}  // namespace thaw
