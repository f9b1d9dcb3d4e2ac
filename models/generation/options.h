// SPDX-License-Identifier: Apache-2.0
// How texts are generated: names and meanings are those of the reference library's GenerationConfig.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace thaw {

// When a search by beams stops looking for better hypotheses, once it has num_beams finished ones.
enum class EarlyStopping {
  no,    // when the best row that is left, judged by its length so far, is not better than the worst of them
  yes,   // at once
  never  // when no row that is left can become better than the worst of them, however long it grows
};

// What is beyond is a slip, and scores would overflow.
constexpr int64_t most_new_tokens = 1'000'000;
constexpr double most_length_penalty = 20;  // the least is -20
constexpr double least_repetition_penalty = 1e-3, most_repetition_penalty = 1e3;

// Lengths count tokens of a row that its prompt does not have; the end token counts.
struct GenerationOptions {
  int64_t max_new_tokens = 20;
  int64_t min_new_tokens = 0;    // before, no end token
  std::vector<int32_t> end_ids;  // tokens that end a row
  int64_t num_return_sequences = 1;

  // Beams. A finished hypothesis scores the sum of its log probabilities / length^length_penalty.
  int64_t num_beams = 1;
  double length_penalty = 1;
  EarlyStopping early_stopping = EarlyStopping::no;

  // Sampling; else the likeliest token.
  bool do_sample = false;
  double temperature = 1;
  int64_t top_k = 0;  // of the likeliest tokens, and those as likely as the last of them; 0: all
  double top_p = 1;   // the likeliest tokens that together have this probability (Holtzman et al. 2020)
  double min_p = 0;   // tokens at least so likely, as a share of the likeliest (Nguyen et al. 2024)
  uint64_t seed = 42;

  // Rules, in the order in which they act. They look at a row's tokens, its prompt included.
  double repetition_penalty = 1;     // of every token that was there (Keskar et al. 2019)
  int64_t no_repeat_ngram_size = 0;  // no group of so many tokens twice; 0: as often as it comes
  std::vector<std::vector<int32_t>> bad_words_ids;
  std::optional<int32_t> forced_bos_token_id;  // behind a prompt of one token
  std::optional<int32_t> forced_eos_token_id;  // the last token of a row of max_new_tokens
  std::vector<int32_t> suppress_tokens;        // never
  std::vector<int32_t> begin_suppress_tokens;  // not as the first new token

  bool with_scores = false;  // of greedy and sampled rows, too
};

// A token that one option asks for and another forbids wherever it would stand: "forced_bos_token_id" and
// "suppress_tokens".
struct ForbiddenToken {
  std::string_view forced, forbidden_by;
  int32_t id;
};
std::optional<ForbiddenToken> forbidden_token(const GenerationOptions& options);

// std::invalid_argument, naming the option: a value out of its range, or options that contradict each other. Ids must
// lie below vocab_size.
void check_options(const GenerationOptions& options, int64_t vocab_size);

}  // namespace thaw
