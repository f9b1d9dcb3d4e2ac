// SPDX-License-Identifier: Apache-2.0
// The loss of pairs, whose two are read side by side.
#pragma once

#include <cstdint>
#include <vector>

#include "models/ranking_loss.h"
#include "models/tasks/classification/text_classifier.h"

namespace thaw {

// said: [2 P, 1], of better, worse, better, worse, ...; the sum over the pairs divided by `count` (0: by their number).
inline Variable loss_of_scored_pairs(const Variable& said, double count) {
  std::vector<int32_t> better, worse;
  for (int32_t row = 0; row < static_cast<int32_t>(said.size(0)); row += 2) {
    better.push_back(row);
    worse.push_back(row + 1);
  }
  const Device device = said.value().device();
  return pairwise_loss(said, Indices(better, device), Indices(worse, device), count);
}

// The same of rows in that order.
inline Variable loss_of_pairs(const TextClassifier& model, const std::vector<const Encoding*>& rows, double count) {
  return loss_of_scored_pairs(model.logits(rows), count);
}

}  // namespace thaw
