// SPDX-License-Identifier: Apache-2.0
// The rows of one prompt: which of them go on, with which token. A way to choose is a class that derives from Search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/generation/options.h"

namespace thaw {

// New tokens behind a prompt, an end token included, and the sum of their log probabilities (as rules changed them);
// of beams divided by length^length_penalty.
struct Hypothesis {
  std::vector<int32_t> ids;
  std::optional<double> score;  // absent where nothing asked for it
};

class Search {
 public:
  // A row of this search, by its number among those it lives with, and its next token.
  struct Continuation {
    int32_t row;
    int32_t id;
  };

  virtual ~Search() = default;
  // logits [rows, V] of the rows that live, in order; at the beginning one row, the prompt. How they go on; nothing:
  // the search is at its end. Logits are changed.
  virtual std::vector<Continuation> advance(std::span<float> logits) = 0;
  // The token that the last advance() settled, where it settles one: that of a single row, its end included.
  virtual std::optional<int32_t> last() const { return {}; }
  // The best first, where there are scores.
  virtual std::vector<Hypothesis> results() const = 0;
};

// The likeliest token at each step; only that of it which `logits` has to tell is looked at.
std::unique_ptr<Search> make_greedy_search(const GenerationOptions& options, std::vector<int32_t> prompt);
// num_return_sequences rows whose tokens are drawn. `number` tells prompts apart: with (seed, number) all is decided.
std::unique_ptr<Search> make_sampling_search(const GenerationOptions& options, std::vector<int32_t> prompt,
                                             uint64_t number);
// num_beams rows that are the best so far (transformers' beam search; Wu et al. 2016 for the length penalty).
std::unique_ptr<Search> make_beam_search(const GenerationOptions& options, std::vector<int32_t> prompt);

// scores.cpp. Is a score no number or +infinity? -infinity is that of a token that cannot come.
bool has_overflow(std::span<const float> scores);
// The first greatest score of a row that is not empty and has no NaN.
size_t likeliest_token(std::span<const float> scores);
// log(sum(exp(scores))) of such a row; the greatest is subtracted first.
double log_sum_exp(std::span<const float> scores);

}  // namespace thaw
