// SPDX-License-Identifier: Apache-2.0
// What a model took masked words for, and which pairs for texts that follow one another.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/tasks/token_evaluation.h"

namespace thaw {

// Classes as SentencePair has them.
struct JudgedPair {
  int32_t truth, said;
  double loss;
};

class PretrainingEvaluation : public Evaluation {
 public:
  // Of the same texts.
  PretrainingEvaluation(TokenEvaluation words, std::vector<JudgedPair> pairs)
      : words_(std::move(words)), pairs_(std::move(pairs)) {}

  int64_t size() const override { return words_.size(); }
  // The mean of a masked token's and that of a pair's.
  double loss() const override;
  // Those of TokenEvaluation, and next_sentence_accuracy.
  Metrics scores(std::span<const int64_t> which) const override;
  Judgement judgement(int64_t text) const override;

 private:
  TokenEvaluation words_;
  std::vector<JudgedPair> pairs_;
};

}  // namespace thaw
