// SPDX-License-Identifier: Apache-2.0
// How well a model told texts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"
#include "models/tasks/token_scores.h"
#include "models/text/tokenizer.h"

namespace thaw {

// Of one text, all its windows together.
struct JudgedText {
  TokenScores scores;             // of its counted tokens
  int64_t bytes = 0;              // that they stand for
  std::vector<int32_t> ids = {};  // they themselves

  // nats / ln 2 / bytes; of no bytes (an end alone) it is infinite.
  double bits_per_byte() const;
};

class LmEvaluation : public Evaluation {
 public:
  // The tokenizer must outlive it.
  LmEvaluation(const Tokenizer& tokenizer, std::vector<JudgedText> documents)
      : tokenizer_(tokenizer), documents_(std::move(documents)) {}

  static std::vector<std::string> metric_names() { return {"bits_per_byte", "perplexity", "loss", "accuracy"}; }

  int64_t size() const override { return static_cast<int64_t>(documents_.size()); }
  double loss() const override;
  // bits_per_byte: of all texts together, so that vocabularies can be compared; and those of TokenScores.
  Metrics scores(std::span<const int64_t> which) const override;
  // The text, by its mean loss.
  Judgement judgement(int64_t document) const override;

 private:
  const Tokenizer& tokenizer_;
  std::vector<JudgedText> documents_;
};

}  // namespace thaw
