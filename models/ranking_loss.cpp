// SPDX-License-Identifier: Apache-2.0
// Differences of scores.
#include "models/ranking_loss.h"

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

Variable pairwise_loss(const Variable& scores, const Indices& better, const Indices& worse, double count) {
  check(scores.rank() == 2 && scores.size(1) == 1, "pairs: one score of each is meant, not {}", scores.shape());
  check(better.size() == worse.size() && better.size() > 0, "pairs: {} better ones and {} worse ones", better.size(),
        worse.size());
  const Variable behind = sub(take_rows(scores, worse), take_rows(scores, better));
  return sum_all(softplus(behind), 1 / (count == 0 ? static_cast<double>(better.size()) : count));
}

}  // namespace thaw
