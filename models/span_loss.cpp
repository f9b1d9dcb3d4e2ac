// SPDX-License-Identifier: Apache-2.0
// Cross-entropies over texts of different lengths.
#include "models/span_loss.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr int32_t not_counted = -100;

// One score a token [T, 1] as rows of texts [B, S], S the longest; cells beyond a text's end hold `fill`.
Variable as_rows(const Variable& scores, const Segments& segments, double fill) {
  const int64_t columns = segments.longest();
  const auto beyond = static_cast<int32_t>(segments.total());
  std::vector<int32_t> rows;
  for (int64_t b = 0; b < segments.count(); ++b) {
    for (int32_t s = 0; s < columns; ++s) rows.push_back(s < segments.length(b) ? segments.begin(b) + s : beyond);
  }
  const Tensor& value = scores.value();
  const Variable filler = Tensor::full({1, 1}, fill, value.dtype(), value.device());
  return reshape(take_rows(concat({scores, filler}, 0), Indices(std::move(rows), value.device())),
                 {segments.count(), columns});
}

Indices counted(const std::vector<int32_t>& positions, const Segments& segments, Device device) {
  check(static_cast<int64_t>(positions.size()) == segments.count(), "{} positions for {} texts", positions.size(),
        segments.count());
  std::vector<int32_t> targets;
  for (size_t b = 0; b < positions.size(); ++b) {
    const bool inside = positions[b] < segments.length(static_cast<int64_t>(b));
    targets.push_back(inside ? std::max(positions[b], 0) : not_counted);
  }
  return {std::move(targets), device};
}

}  // namespace

Variable span_loss(const Variable& logits, const Segments& texts, const std::vector<int32_t>& starts,
                   const std::vector<int32_t>& ends, double start_count, double end_count) {
  // exp(fill - max) is 0 for any score, and 0 times it is not NaN.
  constexpr double fill = std::numeric_limits<float>::lowest() / 4;
  CrossEntropy options;
  options.ignore = not_counted;
  const auto one = [&](int64_t column, const std::vector<int32_t>& positions, double count) {
    const Variable rows = as_rows(slice(logits, 1, column, column + 1), texts, fill);
    return cross_entropy(rows, counted(positions, texts, rows.value().device()), options, count);
  };
  return scale(add(one(0, starts, start_count), one(1, ends, end_count)), 0.5);
}

}  // namespace thaw
