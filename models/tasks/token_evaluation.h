// SPDX-License-Identifier: Apache-2.0
// What a model took hidden tokens of texts for: masked words, words of missing spans.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"
#include "models/tasks/token_scores.h"
#include "models/text/tokenizer.h"

namespace thaw {

// Of one text, by token: what they are, what the model found likeliest, and the sum of their losses.
struct JudgedTokens {
  std::vector<int32_t> truths, said;
  double loss = 0;
  std::vector<int32_t> words = {};  // the number of each one's word, where whole words are judged, too; else empty

  TokenScores scores() const;
};

// The hidden tokens of a batch of texts, in their order.
struct HiddenTokens {
  std::vector<int32_t> tokens;  // [R]: numbered through all texts
  std::vector<int32_t> truths;  // [R]
  std::vector<int32_t> words;   // [R]: each one's word in its text, as JudgedTokens has it
  std::vector<size_t> counts;   // of each text

  // Says of logits [R, V] what they take each for, text i's in said[places[i]]. Gives the sum of the losses.
  double judge(const Tensor& logits, std::span<const int64_t> places, std::vector<JudgedTokens>& said) const;
};

class TokenEvaluation : public Evaluation {
 public:
  // The tokenizer must outlive it.
  TokenEvaluation(const Tokenizer& tokenizer, std::vector<JudgedTokens> texts)
      : tokenizer_(tokenizer), texts_(std::move(texts)) {}

  int64_t size() const override { return static_cast<int64_t>(texts_.size()); }
  double loss() const override;
  // Those of TokenScores; word_accuracy, where words are judged: the share of words all of whose hidden tokens are
  // right.
  Metrics scores(std::span<const int64_t> which) const override;
  // The tokens, joined by blanks; by their mean loss.
  Judgement judgement(int64_t text) const override;

 private:
  const Tokenizer& tokenizer_;
  std::vector<JudgedTokens> texts_;
};

}  // namespace thaw
