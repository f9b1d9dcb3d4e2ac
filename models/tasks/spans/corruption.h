// SPDX-License-Identifier: Apache-2.0
// Takes spans out of a text: the source has a sentinel in the place of each, the target what was there.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/tasks/spans/span_lengths.h"
#include "models/text/tokenizer.h"
#include "tensor/random_key.h"

namespace thaw {

// What stands for spans, and around texts.
struct SpanRule {
  SpanShape shape;
  std::vector<int32_t> sentinels;      // <extra_id_0>, <extra_id_1>, ...: span i is known by the i-th
  std::vector<int32_t> before, after;  // special tokens that the tokenizer puts around a text

  SpanRule() = default;
  // std::runtime_error if the tokenizer has no <extra_id_0>, or ends texts with no token. Sentinels that the model of
  // `vocab_size` tokens does not know are none.
  SpanRule(double noise_density, double mean_span_length, const Tokenizer& tokenizer, int64_t vocab_size);

  // std::invalid_argument if a text of so many tokens has more spans than there are sentinels, one of which stands
  // behind the last.
  void check_sentinels(int64_t length) const;
};

struct NoiseSpan {
  int64_t begin, end;
};

// Of a text of so many tokens the spans that go missing, in order: what is there and what is missing are each cut into
// as many parts as there are spans, every way of cutting as likely as any other; the first part is there, the last is
// missing.
std::vector<NoiseSpan> draw_spans(int64_t length, const SpanShape& shape, RandomKey key);

struct CorruptedText {
  std::vector<int32_t> source, target;
};
// before, tokens with sentinel i for span i, after; before, sentinel i and the tokens of span i for each, one more
// sentinel, after.
CorruptedText corrupted(std::span<const int32_t> tokens, std::span<const NoiseSpan> spans, const SpanRule& rule);

}  // namespace thaw
