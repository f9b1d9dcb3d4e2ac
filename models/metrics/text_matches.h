// SPDX-License-Identifier: Apache-2.0
// Texts that are right or wrong as a whole, errors in their words, and how well their tokens were foreseen. All counts
// add up, text by text or batch by batch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// Whether the text is one of the references, but for blanks: those at its ends do not count, and any run of them is
// one.
bool is_exact_match(std::string_view predicted, const std::vector<std::string>& references);

// Answers that must be one of a few words: a classifier that writes its labels.
struct LabelWordCounts {
  int64_t texts = 0, right = 0;
  int64_t no_label = 0;  // texts that are none of the words: wrong, too

  LabelWordCounts& operator+=(const LabelWordCounts& other);
  double accuracy() const;       // 0 of none
  double no_label_rate() const;  // the share of texts that are none of the words; 0 of none
};
LabelWordCounts label_word_counts(std::string_view predicted, std::string_view truth,
                                  std::span<const std::string> words);

// The fewest tokens to insert, drop or replace (each one error) to turn one sequence into the other (Levenshtein 1966).
int64_t edit_distance(std::u32string_view a, std::u32string_view b);

// Errors in words, phones or whatever blanks are between.
struct ErrorCounts {
  int64_t errors = 0, tokens = 0;  // edits, and tokens of the references
  int64_t texts = 0, wrong = 0;    // texts, and those with an error

  ErrorCounts& operator+=(const ErrorCounts& other);
  // Word or phone error rate: errors / tokens, which may be above 1. Of references without tokens: errors.
  double token_rate() const;
  double text_rate() const;  // the share of texts with an error; 0 of none
};
// Against the reference with the fewest errors, of several such the longest. Throws std::invalid_argument if there are
// no references, or a text is not valid UTF-8.
ErrorCounts error_counts(std::string_view predicted, const std::vector<std::string>& references);

// Losses of tokens (natural logarithm).
struct TokenLosses {
  double sum = 0;
  int64_t tokens = 0;

  TokenLosses& operator+=(const TokenLosses& other);
  double mean() const;  // 0 of none
  double perplexity() const;
};

}  // namespace thaw
