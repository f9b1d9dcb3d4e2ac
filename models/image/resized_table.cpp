// SPDX-License-Identifier: Apache-2.0
// Interpolation as two products, along each axis by a matrix of weights.
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

double triangle(double distance) { return std::max(0.0, 1 - std::abs(distance)); }

double weight_at(double distance, TableResizing resizing) {
  return resizing == TableResizing::bicubic ? cubic(distance) : triangle(distance);
}

// Where number i of `to` lies among those that are there.
double place(int64_t i, int64_t from, int64_t to, TableResizing resizing) {
  const auto number = static_cast<double>(i), there = static_cast<double>(from), wanted = static_cast<double>(to);
  if (resizing == TableResizing::bicubic) return (number + 0.5) * there / wanted - 0.5;
  return to == 1 ? 0 : number * (there - 1) / (wanted - 1);
}

// [to, from]: what each of `to` numbers along an axis takes of those that are there.
Variable weights_along(int64_t from, int64_t to, TableResizing resizing, const Variable& like) {
  std::vector<double> weights(static_cast<size_t>(to * from));
  for (int64_t i = 0; i < to; ++i) {
    const double at = place(i, from, to, resizing);
    const auto below = static_cast<int64_t>(std::floor(at));
    for (int64_t j = below - 1; j <= below + 2; ++j)
      weights[static_cast<size_t>(i * from + std::clamp<int64_t>(j, 0, from - 1))] +=
          weight_at(at - static_cast<double>(j), resizing);
  }
  return Tensor::from_host(weights, {to, from}, like.device(), like.dtype());
}

}  // namespace

Variable resized_table(const Variable& table, int64_t kept, const Shape& from, const Shape& to,
                       TableResizing resizing) {
  check(from.rank() == 2 && to.rank() == 2, "positions of a grid {} are not resized to {}: both need two axes", from,
        to);
  check(table.size(0) == kept + from.numel(), "a table {} has no {} vectors and those of a grid {}", table.shape(),
        kept, from);
  const int64_t channels = table.size(1);
  const Variable grid = reshape(slice(table, 0, kept, table.size(0)), {from[0], from[1] * channels});
  const Variable lines = matmul(weights_along(from[0], to[0], resizing, table), grid);
  const Variable all =
      matmul(weights_along(from[1], to[1], resizing, table), reshape(lines, {to[0], from[1], channels}));
  return concat({slice(table, 0, 0, kept), reshape(all, {to.numel(), channels})}, 0);
}

}  // namespace thaw
