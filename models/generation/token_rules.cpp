// SPDX-License-Identifier: Apache-2.0
// One function a rule.
#include "models/generation/token_rules.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace thaw {
namespace {

constexpr float forbidden = -std::numeric_limits<float>::infinity();

using Row = std::span<const int32_t>;

// There may be embeddings without a logit.
void forbid(std::span<const int32_t> ids, std::span<float> scores) {
  for (const int32_t id : ids)
    if (static_cast<size_t>(id) < scores.size()) scores[static_cast<size_t>(id)] = forbidden;
}

// Positive scores are divided, negative ones multiplied: once a token, however often it was there.
void penalize_repetition(Row row, double penalty, std::span<float> scores) {
  std::vector<int32_t> ids(row.begin(), row.end());
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const auto factor = static_cast<float>(penalty);
  for (const int32_t id : ids) {
    if (static_cast<size_t>(id) >= scores.size()) continue;
    float& score = scores[static_cast<size_t>(id)];
    score = score < 0 ? score * factor : score / factor;
  }
}

// What followed the row's last size - 1 tokens where they stood before.
void forbid_repeated_groups(Row row, size_t size, std::span<float> scores) {
  if (row.size() + 1 < size) return;
  const Row end = row.last(size - 1);
  for (size_t i = 0; i + size <= row.size(); ++i)
    if (std::ranges::equal(row.subspan(i, size - 1), end)) forbid(row.subspan(i + size - 1, 1), scores);
}

// The last token of a word whose other tokens the row ends with.
void forbid_word(Row row, Row word, std::span<float> scores) {
  const Row beginning = word.first(word.size() - 1);
  if (beginning.size() <= row.size() && std::ranges::equal(row.last(beginning.size()), beginning))
    forbid(word.last(1), scores);
}

void force(int32_t id, std::span<float> scores) {
  std::ranges::fill(scores, forbidden);
  scores[static_cast<size_t>(id)] = 0;
}

}  // namespace

TokenRules::TokenRules(const GenerationOptions& o) : options_(o) {
  // A word that is an end token would leave rows without an end.
  std::erase_if(options_.bad_words_ids, [&](const std::vector<int32_t>& word) {
    return word.size() == 1 && std::ranges::find(o.end_ids, word[0]) != o.end_ids.end();
  });
  empty_ = o.repetition_penalty == 1 && o.no_repeat_ngram_size == 0 && options_.bad_words_ids.empty() &&
           (o.min_new_tokens == 0 || o.end_ids.empty()) && !o.forced_bos_token_id && !o.forced_eos_token_id &&
           o.suppress_tokens.empty() && o.begin_suppress_tokens.empty();
}

void TokenRules::apply(Row row, size_t prompt, std::span<float> scores) const {
  if (empty_) return;
  const GenerationOptions& o = options_;
  const auto made = static_cast<int64_t>(row.size() - prompt);
  if (o.repetition_penalty != 1) penalize_repetition(row, o.repetition_penalty, scores);
  if (o.no_repeat_ngram_size > 0) forbid_repeated_groups(row, static_cast<size_t>(o.no_repeat_ngram_size), scores);
  for (const std::vector<int32_t>& word : o.bad_words_ids) forbid_word(row, word, scores);
  if (made < o.min_new_tokens) forbid(o.end_ids, scores);
  if (o.forced_bos_token_id && row.size() == 1) force(*o.forced_bos_token_id, scores);
  if (o.forced_eos_token_id && made + 1 == o.max_new_tokens) force(*o.forced_eos_token_id, scores);
  forbid(o.suppress_tokens, scores);
  // Behind a first token that was forced, the next one is the first that is chosen.
  const bool first_is_forced = o.forced_bos_token_id && prompt == 1;
  if (made == (first_is_forced ? 1 : 0)) forbid(o.begin_suppress_tokens, scores);
}

}  // namespace thaw
