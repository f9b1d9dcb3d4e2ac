// SPDX-License-Identifier: Apache-2.0
// Ranges of the options.
#include "models/generation/options.h"

#include <cmath>
#include <span>

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

void check_options(const GenerationOptions& o, int64_t vocab_size) {
  check(o.max_new_tokens >= 1, "max_new_tokens {}: at least 1 was expected", o.max_new_tokens);
  check(o.min_new_tokens >= 0 && o.min_new_tokens <= o.max_new_tokens,
        "min_new_tokens {}: from 0 to the greatest number, {}, was expected", o.min_new_tokens, o.max_new_tokens);
  check(o.num_beams >= 1 && o.num_beams <= vocab_size, "num_beams {}: from 1 to {} was expected", o.num_beams,
        vocab_size);
  check(o.num_return_sequences >= 1, "num_return_sequences {}: at least 1 was expected", o.num_return_sequences);
  check(o.do_sample || o.num_return_sequences <= o.num_beams,
        "num_return_sequences {}: more than there are beams, {}; sampling gives any number", o.num_return_sequences,
        o.num_beams);
  check(!o.do_sample || o.num_beams == 1, "num_beams {}: sampling is done without beams", o.num_beams);
  check(std::isfinite(o.length_penalty), "length_penalty {}: a finite number was expected", o.length_penalty);
  check(o.temperature > 0 && std::isfinite(o.temperature),
        "temperature {}: a number above 0 was expected (the likeliest token is taken where nothing is drawn)",
        o.temperature);
  check(o.top_k >= 0, "top_k {}: at least 0 was expected", o.top_k);
  check(o.top_p > 0 && o.top_p <= 1, "top_p {}: above 0 and at most 1 was expected", o.top_p);
  check(o.min_p >= 0 && o.min_p <= 1, "min_p {}: from 0 to 1 was expected", o.min_p);
  check(o.repetition_penalty > 0 && std::isfinite(o.repetition_penalty),
        "repetition_penalty {}: a number above 0 was expected", o.repetition_penalty);
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
}

}  // namespace thaw
