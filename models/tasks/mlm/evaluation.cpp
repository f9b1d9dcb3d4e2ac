// SPDX-License-Identifier: Apache-2.0
// Counts masked words that were found.
#include "models/tasks/mlm/evaluation.h"

#include <algorithm>
#include <cmath>

namespace thaw {
namespace {

double mean_loss(const MaskedWords& text) {
  return text.loss / static_cast<double>(std::max<size_t>(text.truths.size(), 1));
}

}  // namespace

double MlmEvaluation::loss() const {
  double sum = 0, count = 0;
  for (const MaskedWords& text : texts_) {
    sum += text.loss;
    count += static_cast<double>(text.truths.size());
  }
  return sum / count;
}

Metrics MlmEvaluation::scores(std::span<const int64_t> which) const {
  double sum = 0, count = 0, right = 0;
  for (const int64_t number : which) {
    const MaskedWords& text = texts_[static_cast<size_t>(number)];
    sum += text.loss;
    count += static_cast<double>(text.truths.size());
    for (size_t i = 0; i < text.truths.size(); ++i) right += text.truths[i] == text.said[i];
  }
  return {{"perplexity", std::exp(sum / count)}, {"accuracy", right / count}};
}

Evaluation::Judgement MlmEvaluation::judgement(int64_t number) const {
  const MaskedWords& text = texts_[static_cast<size_t>(number)];
  Judgement judgement{{}, {}, mean_loss(text)};
  for (size_t i = 0; i < text.truths.size(); ++i) {
    judgement.truth += (i ? " " : "") + tokenizer_.token(text.truths[i]);
    judgement.said += (i ? " " : "") + tokenizer_.token(text.said[i]);
  }
  return judgement;
}

}  // namespace thaw
