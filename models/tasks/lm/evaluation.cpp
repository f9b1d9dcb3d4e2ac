// SPDX-License-Identifier: Apache-2.0
// Sums over texts.
#include "models/tasks/lm/evaluation.h"

#include <numbers>

namespace thaw {

double JudgedText::bits_per_byte() const { return scores.losses.sum / std::numbers::ln2 / static_cast<double>(bytes); }

double LmEvaluation::loss() const {
  TokenLosses all;
  for (const JudgedText& one : documents_) all += one.scores.losses;
  return all.mean();
}

Metrics LmEvaluation::scores(std::span<const int64_t> which) const {
  JudgedText all;
  for (const int64_t number : which) {
    const JudgedText& one = documents_[static_cast<size_t>(number)];
    all.scores += one.scores;
    all.bytes += one.bytes;
  }
  Metrics scores = all.scores.metrics();
  scores["bits_per_byte"] = all.bits_per_byte();
  return scores;
}

Evaluation::Judgement LmEvaluation::judgement(int64_t document) const {
  const JudgedText& one = documents_[static_cast<size_t>(document)];
  return {tokenizer_.decode(one.ids), {}, one.scores.losses.mean()};
}

}  // namespace thaw
