// SPDX-License-Identifier: Apache-2.0
// Composed of what pairs of any things are learnt by.
#include "models/tasks/embed/similarity.h"

#include "autograd/functions.h"
#include "models/contrastive_loss.h"

namespace thaw {

Variable contrastive_loss(const Variable& first, const Variable& second, const Contrast& contrast, double count) {
  const Variable logits = matmul(unit_vectors(first), transpose(unit_vectors(second)), contrast.scale);
  return contrast.symmetric ? contrastive_loss(logits, count) : partner_loss(logits, count);
}

Variable cosines(const Variable& first, const Variable& second) {
  return sum(mul(unit_vectors(first), unit_vectors(second)), {1});
}

}  // namespace thaw
