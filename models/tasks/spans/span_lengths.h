// SPDX-License-Identifier: Apache-2.0
// How many tokens of a text go missing, in how many spans, and how long that makes source and target (Raffel et al.
// 2020, 3.3.4; as T5's code counts). All of it follows from the text's length alone.
#pragma once

#include <cstdint>

namespace thaw {

struct SpanShape {
  double noise_density = 0.15;       // in (0, 1)
  double mean_span_length = 3;       // at least 1
  int64_t added_special_tokens = 1;  // that end (or begin) source and target: at least the end token
};

// Of a text of `length` tokens, at least 2, special ones apart.
struct SpanCounts {
  int64_t noise;  // missing tokens: round(density length), at least 1 and at most length - 1; a half to the even number
  int64_t spans;  // round(noise / mean), at least 1 and at most as many as there are of either kind of tokens
};
SpanCounts span_counts(int64_t length, const SpanShape& shape);

// Tokens of what is read of it: what is there, a sentinel a span, the special ones.
int64_t source_length(int64_t length, const SpanShape& shape);
// And of what is to be written: what is missing, a sentinel a span, one more behind the last, the special ones.
int64_t target_length(int64_t length, const SpanShape& shape);

// The longest text whose source has at most so many tokens. std::invalid_argument if that leaves less than 2, or where
// nearly all goes missing in a few spans, so that a text of a million tokens has no longer source.
int64_t raw_length(int64_t source_tokens, const SpanShape& shape);

}  // namespace thaw
