// SPDX-License-Identifier: Apache-2.0
// Precision, recall and F1, and their means over classes.
#pragma once

#include <cstdint>
#include <vector>

namespace thaw {

// What is counted of a class.
struct MatchCounts {
  int64_t matched = 0;    // predicted and true
  int64_t predicted = 0;  // predicted, rightly or not
  int64_t truth = 0;      // true, found or not

  MatchCounts& operator+=(const MatchCounts& other);
};

struct PrecisionRecall {
  double precision = 0, recall = 0, f1 = 0;  // each 0 where it is undefined
  int64_t support = 0, predicted = 0;        // how many are true, how many said to be

  PrecisionRecall() = default;
  explicit PrecisionRecall(const MatchCounts& counts);
};

// The means over classes of precision, recall and F1 (the last is not computed from the other two, as in scikit-learn
// and seqeval); the counts are sums. weighted: by support, 0 where nothing is true; else each class counts alike, but
// those neither true nor predicted, which count nowhere.
PrecisionRecall mean_over_classes(const std::vector<PrecisionRecall>& classes, bool weighted);

}  // namespace thaw
