// SPDX-License-Identifier: Apache-2.0
// Composed of functions that every device has.
#include "models/contrastive_loss.h"

#include <numeric>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr double least_square = 1e-24;  // of a length: keeps zeros from being divided by zero

}  // namespace

Variable unit_vectors(const Variable& rows) {
  return mul(rows, rsqrt(clamp(sum(square(rows), {1}, true), least_square, 1e30)));
}

Variable partner_loss(const Variable& logits, double count) {
  check(logits.rank() == 2 && logits.size(0) <= logits.size(1), "partners: of logits {} some rows have no column",
        logits.shape());
  std::vector<int32_t> partners(static_cast<size_t>(logits.size(0)));
  std::iota(partners.begin(), partners.end(), 0);
  return cross_entropy(logits, Indices(std::move(partners), logits.device()), {}, count);
}

Variable contrastive_loss(const Variable& logits, double count) {
  const Variable forth = partner_loss(logits, count);
  const Variable back = partner_loss(transpose(slice(logits, 1, 0, logits.size(0))), count);
  return scale(add(forth, back), 0.5);
}

}  // namespace thaw
