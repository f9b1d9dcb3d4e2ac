// SPDX-License-Identifier: Apache-2.0
// Composed of functions that every device has.
#include "models/tasks/embed/similarity.h"

#include <numeric>
#include <vector>

#include "autograd/functions.h"

namespace thaw {
namespace {

constexpr double least_square = 1e-24;  // of a length: keeps zeros from being divided by zero

}  // namespace

Variable unit_length(const Variable& rows) {
  return mul(rows, rsqrt(clamp(sum(square(rows), {1}, true), least_square, 1e30)));
}

Variable contrastive_loss(const Variable& first, const Variable& second, const Contrast& contrast, double count) {
  const int64_t pairs = first.size(0);
  const Variable a = unit_length(first), b = unit_length(second);
  std::vector<int32_t> partners(static_cast<size_t>(pairs));
  std::iota(partners.begin(), partners.end(), 0);
  const Indices targets(std::move(partners), first.value().device());
  const Variable forth = cross_entropy(matmul(a, transpose(b), contrast.scale), targets, {}, count);
  if (!contrast.symmetric) return forth;
  const Variable own = slice(b, 0, 0, pairs);
  return scale(add(forth, cross_entropy(matmul(own, transpose(a), contrast.scale), targets, {}, count)), 0.5);
}

Variable cosines(const Variable& first, const Variable& second) {
  return sum(mul(unit_length(first), unit_length(second)), {1});
}

}  // namespace thaw
