// SPDX-License-Identifier: Apache-2.0
// Reads sentences, and writes what the model says of their words.
#include "models/tasks/tokens/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "autograd/tape.h"
#include "models/packed_text.h"
#include "models/tasks/prediction_text.h"
#include "models/tasks/tokens/tags.h"
#include "models/tasks/tokens/word_tokens.h"
#include "nn/mode.h"

namespace thaw {

TokensPredictor::TokensPredictor(WordTagger& model, const TokensOptions& options, const PredictionRequest& request,
                                 const FieldNames& called)
    : model_(model),
      options_(options),
      called_(called),
      as_json_(request.as_json),
      has_entities_(name_entities(model.labels())),
      reader_(request, options, called) {}

std::vector<std::string> TokensPredictor::notes() const {
  std::vector<std::string> lines;
  if (cut_words_ > 0)
    lines.push_back(fmt::format("{} of {} sentences {} longer than {} tokens: {} word{} beyond are labelled {} unseen",
                                cut_sentences_, sentences_, cut_sentences_ == 1 ? "is" : "are", model_.max_length(),
                                cut_words_, cut_words_ == 1 ? "" : "s", no_tag));
  if (words_without_token_ > 0)
    lines.push_back(fmt::format("{} word{} no token, and {} labelled {}", words_without_token_,
                                words_without_token_ == 1 ? " has" : "s have", words_without_token_ == 1 ? "is" : "are",
                                no_tag));
  return lines;
}

std::vector<std::vector<SaidOfWord>> TokensPredictor::tag(const std::vector<ReadSentence>& sentences) {
  std::vector<Encoding> encodings;                 // of sentences with words
  std::vector<std::pair<size_t, size_t>> said_of;  // sentence and word of each row
  std::vector<int32_t> rows;
  std::vector<std::vector<SaidOfWord>> said;
  int32_t first = 0;
  for (size_t s = 0; s < sentences.size(); ++s) {
    const std::vector<std::string>& words = sentences[s].words;
    said.emplace_back(words.size(), SaidOfWord{no_tag, 0, false});
    if (words.empty()) continue;
    Encoding encoding = model_.encoder().encode_words_row(words, sentences[s].where);
    const std::vector<int32_t> tokens = word_tokens(encoding, words.size());
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i] < 0) continue;
      rows.push_back(first + tokens[i]);
      said_of.emplace_back(s, i);
    }
    const int64_t without = std::ranges::count(tokens, -1);
    if (encoding.cut > 0 && without > 0) ++cut_sentences_;
    (encoding.cut > 0 ? cut_words_ : words_without_token_) += without;
    first += static_cast<int32_t>(encoding.size());
    encodings.push_back(std::move(encoding));
  }
  if (rows.empty()) return said;
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.store().mode());
  const std::vector<float> logits = model_.outputs_at(pointers_to(encodings), rows).value().to_host<float>();
  const auto width = static_cast<size_t>(model_.num_labels());
  for (size_t row = 0; row < rows.size(); ++row) {
    const auto [s, i] = said_of[row];
    const TokenChoice choice(std::span<const float>(logits).subspan(row * width, width));
    if (!choice.is_finite()) fail_of_overflow(sentences[s].where, "sentence");
    const auto label = static_cast<size_t>(choice.label);
    said[s][i] = {model_.labels()[label], choice.shares[label], true};
  }
  return said;
}

bool TokensPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<ReadSentence> sentences;
  errors_.read(rows, [&] {
    ReadSentence one;
    if (!reader_.next(one)) return false;
    sentences.push_back(std::move(one));
    return true;
  });
  if (sentences.empty()) return false;
  sentences_ += std::ssize(sentences);
  const std::vector<std::vector<SaidOfWord>> said = tag(sentences);
  const TaggedJsonStyle style{reader_.is_text(), has_entities_, options_.probabilities};
  for (size_t i = 0; i < sentences.size(); ++i)
    lines += as_json_ ? tagged_json(sentences[i], said[i], style)
                      : tagged_columns(sentences[i], said[i], options_.probabilities);
  return true;
}

}  // namespace thaw
