// SPDX-License-Identifier: Apache-2.0
// Counts tokens that were found.
#include "models/tasks/token_evaluation.h"

#include <fmt/format.h>

#include <iterator>

#include "models/judged_rows.h"

namespace thaw {
namespace {

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

TokenScores JudgedTokens::scores() const {
  TokenScores all{{loss, std::ssize(truths)}};
  for (size_t i = 0; i < truths.size(); ++i) all.right += truths[i] == said[i];
  return all;
}

double HiddenTokens::judge(const Tensor& logits, std::span<const int64_t> places,
                           std::vector<JudgedTokens>& said) const {
  const JudgedRows judged = judge_rows(logits, Indices(truths, logits.device()));
  double sum = 0;
  size_t row = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    JudgedTokens& text = said[static_cast<size_t>(places[i])];
    for (const size_t end = row + counts[i]; row < end; ++row) {
      text.truths.push_back(truths[row]);
      text.said.push_back(judged.likeliest[row]);
      if (!words.empty()) text.words.push_back(words[row]);
      text.loss += static_cast<double>(judged.losses[row]);
    }
    sum += text.loss;
  }
  return sum;
}

double TokenEvaluation::loss() const {
  TokenLosses all;
  for (const JudgedTokens& text : texts_) all += text.scores().losses;
  return all.mean();
}

Metrics TokenEvaluation::scores(std::span<const int64_t> which) const {
  TokenScores all;
  RightWords words;
  for (const int64_t number : which) {
    const JudgedTokens& text = texts_[static_cast<size_t>(number)];
    all += text.scores();
    const RightWords own = right_words(text);
    words.right += own.right;
    words.of += own.of;
  }
  Metrics scores = all.metrics();
  if (words.of > 0) scores["word_accuracy"] = static_cast<double>(words.right) / static_cast<double>(words.of);
  return scores;
}

Evaluation::Judgement TokenEvaluation::judgement(int64_t number) const {
  const JudgedTokens& text = texts_[static_cast<size_t>(number)];
  Judgement judgement{{}, {}, text.scores().losses.mean()};
  for (size_t i = 0; i < text.truths.size(); ++i) {
    judgement.truth += (i ? " " : "") + name_of(text.truths[i], tokenizer_);
    judgement.said += (i ? " " : "") + name_of(text.said[i], tokenizer_);
  }
  return judgement;
}

}  // namespace thaw
