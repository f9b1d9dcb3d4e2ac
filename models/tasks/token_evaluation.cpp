// SPDX-License-Identifier: Apache-2.0
// Counts tokens that were found.
#include "models/tasks/token_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace thaw {
namespace {

double mean_loss(const JudgedTokens& text) {
  return text.loss / static_cast<double>(std::max<size_t>(text.truths.size(), 1));
}

// Models often have more embeddings than their tokenizer has tokens.
std::string name_of(int32_t id, const Tokenizer& tokenizer) {
  return static_cast<size_t>(id) < tokenizer.vocab_size() ? tokenizer.token(id) : fmt::format("#{}", id);
}

}  // namespace

double TokenEvaluation::loss() const {
  double sum = 0, count = 0;
  for (const JudgedTokens& text : texts_) {
    sum += text.loss;
    count += static_cast<double>(text.truths.size());
  }
  return sum / count;
}

Metrics TokenEvaluation::scores(std::span<const int64_t> which) const {
  double sum = 0, count = 0, right = 0;
  for (const int64_t number : which) {
    const JudgedTokens& text = texts_[static_cast<size_t>(number)];
    sum += text.loss;
    count += static_cast<double>(text.truths.size());
    for (size_t i = 0; i < text.truths.size(); ++i) right += text.truths[i] == text.said[i];
  }
  return {{"perplexity", std::exp(sum / count)}, {"accuracy", right / count}};
}

Evaluation::Judgement TokenEvaluation::judgement(int64_t number) const {
  const JudgedTokens& text = texts_[static_cast<size_t>(number)];
  Judgement judgement{{}, {}, mean_loss(text)};
  for (size_t i = 0; i < text.truths.size(); ++i) {
    judgement.truth += (i ? " " : "") + name_of(text.truths[i], tokenizer_);
    judgement.said += (i ? " " : "") + name_of(text.said[i], tokenizer_);
  }
  return judgement;
}

}  // namespace thaw
