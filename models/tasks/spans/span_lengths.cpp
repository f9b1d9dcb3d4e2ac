// SPDX-License-Identifier: Apache-2.0
// Counts by the rules of T5's code.
#include "models/tasks/spans/span_lengths.h"

#include <algorithm>
#include <cmath>

#include "tensor/check.h"

namespace thaw {

SpanCounts span_counts(int64_t length, const SpanShape& shape) {
  check(length >= 2, "spans: {} tokens, of which none or all would go missing", length);
  // To the nearest, a half to the even one, as numpy rounds.
  const auto rounded = [](double x) { return static_cast<int64_t>(std::nearbyint(x)); };
  const int64_t noise = std::clamp<int64_t>(rounded(static_cast<double>(length) * shape.noise_density), 1, length - 1);
  const int64_t spans = rounded(static_cast<double>(noise) / shape.mean_span_length);
  return {noise, std::clamp<int64_t>(spans, 1, std::min(noise, length - noise))};
}

int64_t source_length(int64_t length, const SpanShape& shape) {
  const SpanCounts counts = span_counts(length, shape);
  return length - counts.noise + counts.spans + shape.added_special_tokens;
}

int64_t target_length(int64_t length, const SpanShape& shape) {
  const SpanCounts counts = span_counts(length, shape);
  return counts.noise + counts.spans + 1 + shape.added_special_tokens;
}

// One token more makes a source longer, or as long.
int64_t raw_length(int64_t source_tokens, const SpanShape& shape) {
  int64_t length = 2;
  check(source_length(length, shape) <= source_tokens,
        "{} tokens leave no room for a token, a sentinel and {} special ones", source_tokens,
        shape.added_special_tokens);
  constexpr int64_t most = 1'000'000;
  while (source_length(length + 1, shape) <= source_tokens) {
    check(++length < most, "texts of {} tokens have sources of no more than {}", most, source_tokens);
  }
  return length;
}

}  // namespace thaw
