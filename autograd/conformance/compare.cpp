// SPDX-License-Identifier: Apache-2.0
// Comparing two runs of a row: near enough, or the same bits.
#include "autograd/conformance/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace thaw::ops {
namespace {

std::string index_text(const Shape& shape, size_t element) {
  Shape index = shape;
  auto rest = static_cast<int64_t>(element);
  for (int axis = shape.rank() - 1; axis >= 0; rest /= shape[axis--]) index[axis] = rest % shape[axis];
  return index.to_string();
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

double mean_square(const Numbers& numbers) {
  double sum = 0;
  for (const double x : numbers.values) sum += std::isfinite(x) ? x * x : 0;
  return numbers.values.empty() ? 0 : sum / static_cast<double>(numbers.values.size());
}

// Mean squared error over `scale`; infinities and NaN must be met.
struct Error {
  double normalised = 0, largest = 0;
  size_t worst = 0;
};

Error error_of(const Numbers& got, const Numbers& wanted, double scale) {
  Error error;
  double squares = 0;
  const size_t count = wanted.values.size();
  for (size_t i = 0; i < count; ++i) {
    const double a = got.values[i], b = wanted.values[i];
    if (same(a, b)) continue;
    const double difference = std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) : HUGE_VAL;
    squares += difference * difference;
    if (difference > error.largest) {
      error.largest = difference;
      error.worst = i;
    }
  }
  if (squares > 0) error.normalised = squares / (static_cast<double>(count) * scale);
  return error;
}

// Calls compare(what, got, wanted) for the value and each gradient.
template <typename Compare>
std::vector<Difference> for_each_part(const OpCase& row, const std::string& where, const Result& got,
                                      const Result& wanted, const Compare& compare) {
  std::vector<Difference> found;
  const auto part = [&](const std::string& what, const Numbers& a, const Numbers& b) {
    if (a.shape == b.shape && a.values.size() == b.values.size()) return compare(found, what, a, b);
    found.push_back({fmt::format("{}: {} is {} with {} numbers, not {} with {}", where, what, a.shape.to_string(),
                                 a.values.size(), b.shape.to_string(), b.values.size()),
                     HUGE_VAL});
  };
  part("value", got.value, wanted.value);
  for (size_t i = 0; i < wanted.gradients.size(); ++i)
    part("gradient of " + row.input_name(i), got.gradients[i], wanted.gradients[i]);
  return found;
}

}  // namespace

// Errors are relative to the mean square of what is wanted. A gradient that is small beside the others (0 by theory,
// with the rounding of large terms left) counts as a tenth of their largest; where everything is 0 by theory, the
// incoming gradient's size, about 1, does.
std::vector<Difference> differences(const OpCase& row, const std::string& where, const Result& got,
                                    const Result& wanted, double allowance) {
  const double bound = row.limits.bound * allowance;
  double largest = 0;
  for (const Numbers& gradient : wanted.gradients) largest = std::max(largest, mean_square(gradient));
  return for_each_part(row, where, got, wanted, [&](auto& found, const auto& what, const Numbers& a, const Numbers& b) {
    const double floor = &b == &wanted.value ? 0 : 0.1 * largest;
    const double scale = std::max(mean_square(b), floor);
    const Error error = error_of(a, b, scale < 1e-12 ? 0.01 : scale);
    if (error.normalised <= bound) return;
    found.push_back({fmt::format("{}: {} {} at {} is {:.9g}, not {:.9g} (normalised error {:.2g} > {:.2g})", where,
                                 what, b.shape.to_string(), index_text(b.shape, error.worst), a.values[error.worst],
                                 b.values[error.worst], error.normalised, bound),
                     error.largest});
  });
}

std::vector<Difference> bit_differences(const OpCase& row, const std::string& where, const Result& got,
                                        const Result& wanted) {
  return for_each_part(row, where, got, wanted, [&](auto& found, const auto& what, const Numbers& a, const Numbers& b) {
    size_t i = 0;
    while (i < a.values.size() && same(a.values[i], b.values[i])) ++i;
    if (i == a.values.size()) return;
    found.push_back({fmt::format("{}: {} {} at {} is {:.9g}, not the same {:.9g}", where, what, b.shape.to_string(),
                                 index_text(b.shape, i), a.values[i], b.values[i]),
                     std::abs(a.values[i] - b.values[i])});
  });
}

}  // namespace thaw::ops
