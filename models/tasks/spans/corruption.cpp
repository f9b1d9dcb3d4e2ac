// SPDX-License-Identifier: Apache-2.0
// Draws spans; the only randomness is Philox.
#include "models/tasks/spans/corruption.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "nn/train/batches.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Lengths of `parts` parts of `items` items, none empty: parts end at places that are drawn without repetition.
std::vector<int64_t> random_parts(int64_t items, int64_t parts, RandomKey key) {
  std::vector<int64_t> ends = permutation(items - 1, key.seed, key.stream);
  ends.resize(static_cast<size_t>(parts - 1));
  for (int64_t& end : ends) ++end;
  std::ranges::sort(ends);
  ends.push_back(items);
  std::vector<int64_t> lengths;
  int64_t begin = 0;
  for (const int64_t end : ends) {
    lengths.push_back(end - begin);
    begin = end;
  }
  return lengths;
}

}  // namespace

SpanRule::SpanRule(double noise_density, double mean_span_length, const Tokenizer& tokenizer, int64_t vocab_size) {
  for (int number = 0;; ++number) {
    const std::optional<int32_t> id = tokenizer.find_id(fmt::format("<extra_id_{}>", number));
    if (!id || *id >= vocab_size) break;
    sentinels.push_back(*id);
  }
  if (sentinels.empty()) fail("the tokenizer has no sentinels (<extra_id_0>, ...): nothing can stand for a span");
  TokensAround around = tokenizer.tokens_around();
  before = std::move(around.before);
  after = std::move(around.after);
  if (after.empty()) fail("the tokenizer ends texts with no token: what is written would have no end");
  shape = {noise_density, mean_span_length, static_cast<int64_t>(before.size() + after.size())};
}

void SpanRule::check_sentinels(int64_t length) const {
  const int64_t needed = span_counts(length, shape).spans + 1;
  check(needed <= std::ssize(sentinels), "texts of {} tokens need {} sentinels, the tokenizer has {}", length, needed,
        sentinels.size());
}

std::vector<NoiseSpan> draw_spans(int64_t length, const SpanShape& shape, RandomKey key) {
  const SpanCounts counts = span_counts(length, shape);
  const std::vector<int64_t> there = random_parts(length - counts.noise, counts.spans, key);
  const std::vector<int64_t> missing = random_parts(counts.noise, counts.spans, {key.seed, key.stream + 1});
  std::vector<NoiseSpan> spans;
  int64_t next = 0;
  for (size_t i = 0; i < there.size(); ++i) {
    const int64_t begin = next + there[i];
    next = begin + missing[i];
    spans.push_back({begin, next});
  }
  return spans;
}

CorruptedText corrupted(std::span<const int32_t> tokens, std::span<const NoiseSpan> spans, const SpanRule& rule) {
  CorruptedText text{rule.before, rule.before};
  const auto append = [&](std::vector<int32_t>& to, int64_t begin, int64_t end) {
    to.insert(to.end(), tokens.begin() + begin, tokens.begin() + end);
  };
  int64_t next = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    append(text.source, next, spans[i].begin);
    text.source.push_back(rule.sentinels[i]);
    text.target.push_back(rule.sentinels[i]);
    append(text.target, spans[i].begin, spans[i].end);
    next = spans[i].end;
  }
  append(text.source, next, std::ssize(tokens));
  text.target.push_back(rule.sentinels[spans.size()]);
  for (std::vector<int32_t>* end : {&text.source, &text.target})
    end->insert(end->end(), rule.after.begin(), rule.after.end());
  return text;
}

}  // namespace thaw
