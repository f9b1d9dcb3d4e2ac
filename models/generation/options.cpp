// SPDX-License-Identifier: Apache-2.0
// Ranges of the options.
#include "models/generation/options.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "tensor/check.h"

namespace thaw {
namespace {

void check_ids(const char* option, std::span<const int32_t> ids, int64_t vocab_size) {
  for (const int32_t id : ids)
    check(id >= 0 && id < vocab_size, "{}: {} is no token id below {}", option, id, vocab_size);
}

void check_id(const char* option, const std::optional<int32_t>& id, int64_t vocab_size) {
  if (id) check_ids(option, std::span(&*id, 1), vocab_size);
}

}  // namespace

std::optional<ForbiddenToken> forbidden_token(const GenerationOptions& o) {
  for (const auto& [name, forced] :
       {std::pair<std::string_view, std::optional<int32_t>>{"forced_bos_token_id", o.forced_bos_token_id},
        {"forced_eos_token_id", o.forced_eos_token_id}}) {
    if (!forced) continue;
    if (std::ranges::find(o.suppress_tokens, *forced) != o.suppress_tokens.end())
      return ForbiddenToken{name, "suppress_tokens", *forced};
    const bool is_bad = std::ranges::find(o.bad_words_ids, std::vector{*forced}) != o.bad_words_ids.end();
    const bool is_end = std::ranges::find(o.end_ids, *forced) != o.end_ids.end();  // no bad word, see TokenRules
    if (is_bad && !is_end) return ForbiddenToken{name, "bad_words_ids", *forced};
  }
  return {};
}

void check_options(const GenerationOptions& o, int64_t vocab_size) {
  check(o.max_new_tokens >= 1 && o.max_new_tokens <= most_new_tokens, "max_new_tokens {}: from 1 to {} was expected",
        o.max_new_tokens, most_new_tokens);
  check(o.min_new_tokens >= 0 && o.min_new_tokens <= o.max_new_tokens,
        "min_new_tokens {}: from 0 to the greatest number, {}, was expected", o.min_new_tokens, o.max_new_tokens);
  check(o.num_beams >= 1 && o.num_beams <= vocab_size, "num_beams {}: from 1 to {} was expected", o.num_beams,
        vocab_size);
  check(o.num_return_sequences >= 1, "num_return_sequences {}: at least 1 was expected", o.num_return_sequences);
  check(o.do_sample || o.num_return_sequences <= o.num_beams,
        "num_return_sequences {}: more than there are beams, {}; sampling gives any number", o.num_return_sequences,
        o.num_beams);
  check(!o.do_sample || o.num_beams == 1, "num_beams {}: sampling is done without beams", o.num_beams);
  check(std::abs(o.length_penalty) <= most_length_penalty, "length_penalty {}: from {} to {} was expected",
        o.length_penalty, -most_length_penalty, most_length_penalty);
  check(o.temperature > 0 && std::isfinite(o.temperature),
        "temperature {}: a number above 0 was expected (the likeliest token is taken where nothing is drawn)",
        o.temperature);
  check(o.top_k >= 0, "top_k {}: at least 0 was expected", o.top_k);
  check(o.top_p > 0 && o.top_p <= 1, "top_p {}: above 0 and at most 1 was expected", o.top_p);
  check(o.min_p >= 0 && o.min_p <= 1, "min_p {}: from 0 to 1 was expected", o.min_p);
  check(o.repetition_penalty >= least_repetition_penalty && o.repetition_penalty <= most_repetition_penalty,
        "repetition_penalty {}: from {} to {} was expected", o.repetition_penalty, least_repetition_penalty,
        most_repetition_penalty);
  check(o.no_repeat_ngram_size >= 0, "no_repeat_ngram_size {}: at least 0 was expected", o.no_repeat_ngram_size);
  check_ids("eos_token_id", o.end_ids, vocab_size);
  check_id("forced_bos_token_id", o.forced_bos_token_id, vocab_size);
  check_id("forced_eos_token_id", o.forced_eos_token_id, vocab_size);
  check_ids("suppress_tokens", o.suppress_tokens, vocab_size);
  check_ids("begin_suppress_tokens", o.begin_suppress_tokens, vocab_size);
  for (const std::vector<int32_t>& word : o.bad_words_ids) {
    check(!word.empty(), "bad_words_ids: an empty list");
    check_ids("bad_words_ids", word, vocab_size);
  }
  if (const auto token = forbidden_token(o))
    check(false, "{} {}: {} forbids it", token->forced, token->id, token->forbidden_by);
}

}  // namespace thaw
