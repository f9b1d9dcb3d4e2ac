// SPDX-License-Identifier: Apache-2.0
// Counts tokens that were found.
#include "models/tasks/token_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tensor/ops.h"

namespace thaw {
namespace {

double mean_loss(const JudgedTokens& text) {
  return text.loss / static_cast<double>(std::max<size_t>(text.truths.size(), 1));
}

// Models often have more embeddings than their tokenizer has tokens.
std::string name_of(int32_t id, const Tokenizer& tokenizer) {
  return static_cast<size_t>(id) < tokenizer.vocab_size() ? tokenizer.token(id) : fmt::format("#{}", id);
}

struct RightWords {
  int64_t right = 0, of = 0;
};

RightWords right_words(const JudgedTokens& text) {
  RightWords words;
  for (size_t i = 0; i < text.words.size();) {
    bool right = true;
    size_t end = i;
    for (; end < text.words.size() && text.words[end] == text.words[i]; ++end)
      right = right && text.truths[end] == text.said[end];
    words.right += right;
    ++words.of;
    i = end;
  }
  return words;
}

}  // namespace

double HiddenTokens::judge(const Tensor& logits, std::span<const int64_t> places,
                           std::vector<JudgedTokens>& said) const {
  const std::vector<int32_t> likeliest = argmax(logits).to_host<int32_t>();
  const std::vector<float> losses =
      cross_entropy(logits, Indices(truths, logits.device()), CrossEntropy{}, false).losses.to_host<float>();
  double sum = 0;
  size_t row = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    JudgedTokens& text = said[static_cast<size_t>(places[i])];
    for (const size_t end = row + counts[i]; row < end; ++row) {
      text.truths.push_back(truths[row]);
      text.said.push_back(likeliest[row]);
      if (!words.empty()) text.words.push_back(words[row]);
      text.loss += static_cast<double>(losses[row]);
    }
    sum += text.loss;
  }
  return sum;
}

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
  RightWords words;
  for (const int64_t number : which) {
    const JudgedTokens& text = texts_[static_cast<size_t>(number)];
    sum += text.loss;
    count += static_cast<double>(text.truths.size());
    for (size_t i = 0; i < text.truths.size(); ++i) right += text.truths[i] == text.said[i];
    const RightWords own = right_words(text);
    words.right += own.right;
    words.of += own.of;
  }
  Metrics scores{{"perplexity", std::exp(sum / count)}, {"accuracy", right / count}};
  if (words.of > 0) scores["word_accuracy"] = static_cast<double>(words.right) / static_cast<double>(words.of);
  return scores;
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
