// SPDX-License-Identifier: Apache-2.0
// Bicubic interpolation as two products, along each axis by a matrix of weights.
#include "models/image/resized_table.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// The weight of a number at this distance (Keys 1981, equation 4).
double cubic(double distance) {
  constexpr double a = -0.75;
  const double x = std::abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return a * (((x - 5) * x + 8) * x - 4);
  return 0;
}

// [to, from]: what each of `to` numbers along an axis takes of those that are there.
Variable weights_along(int64_t from, int64_t to, const Variable& like) {
  std::vector<double> weights(static_cast<size_t>(to * from));
  for (int64_t i = 0; i < to; ++i) {
    const double at = (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const auto below = static_cast<int64_t>(std::floor(at));
    for (int64_t j = below - 1; j <= below + 2; ++j)
      weights[static_cast<size_t>(i * from + std::clamp<int64_t>(j, 0, from - 1))] +=
          cubic(at - static_cast<double>(j));
  }
  return Tensor::from_host(weights, {to, from}, like.device(), like.dtype());
}

}  // namespace

Variable resized_table(const Variable& table, int64_t kept, const Shape& from, const Shape& to) {
  check(from.rank() == 2 && to.rank() == 2, "positions of a grid {} are not resized to {}: both need two axes", from,
        to);
  check(table.size(0) == kept + from.numel(), "a table {} has no {} vectors and those of a grid {}", table.shape(),
        kept, from);
  const int64_t channels = table.size(1);
  const Variable grid = reshape(slice(table, 0, kept, table.size(0)), {from[0], from[1] * channels});
  const Variable lines = matmul(weights_along(from[0], to[0], table), grid);
  const Variable all = matmul(weights_along(from[1], to[1], table), reshape(lines, {to[0], from[1], channels}));
  return concat({slice(table, 0, 0, kept), reshape(all, {to.numel(), channels})}, 0);
}

}  // namespace thaw
