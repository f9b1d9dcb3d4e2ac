// SPDX-License-Identifier: Apache-2.0
// Tokenizes a file's sentences; losses of batches, metrics of whole data sets.
#include "models/tasks/tokens/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/tokens/evaluation.h"
#include "models/tasks/tokens/model.h"
#include "models/tasks/tokens/tagged_file.h"
#include "models/tasks/tokens/tags.h"
#include "models/tasks/tokens/word_tokens.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int32_t not_counted = -100;

bool has_token(int32_t token) { return token >= 0; }

// Takes the logits of the sentence's words from the front of `logits`. A word that has none is as wrong as can be,
// unless it is O.
TokensEvaluation::Sentence judge(const TokensExamples::Sentence& words, const std::vector<std::string>& labels,
                                 std::span<const float>& logits) {
  TokensEvaluation::Sentence judged{words.labels, {}};
  for (size_t i = 0; i < words.tokens.size(); ++i) {
    const auto truth = static_cast<size_t>(words.labels[i]);
    if (!has_token(words.tokens[i])) {
      judged.said.push_back(-1);
      judged.wrongness += labels[truth] == no_tag ? 0 : 1;
      continue;
    }
    const TokenChoice choice(logits.first(labels.size()));
    logits = logits.subspan(labels.size());
    const auto said = static_cast<size_t>(choice.label);
    judged.said.push_back(choice.label);
    judged.is_finite = judged.is_finite && choice.is_finite();
    judged.wrongness += choice.is_finite() ? choice.shares[said] - choice.shares[truth] : 1;
  }
  return judged;
}

}  // namespace

TokensExamples::TokensExamples(WordTagger& model, const std::string& file, const TokensOptions& options,
                               const TakenTags& tags, const FieldNames& called, const ClassLoss& class_loss)
    : model_(model) {
  auto data = std::make_shared<Data>();
  data->class_loss = class_loss;
  data->notes = tags.notes;
  data->texts = EncodedTexts(file);
  TaggedWords words = open_tagged_words(file, options, called);
  bool any_token = false;
  for (TaggedSentence read; words.next(read);) {
    Sentence& sentence = data->sentences.emplace_back();
    for (size_t i = 0; i < read.tags.size(); ++i)
      sentence.labels.push_back(tags.labels.id(read.tags[i], words.where(read, i)));
    Encoding encoding = model.encoder().encode_words_row(read.words, words.where(read));
    sentence.tokens = word_tokens(encoding, read.words.size());
    any_token = any_token || std::ranges::any_of(sentence.tokens, has_token);
    data->texts.add(std::move(encoding), read.line);
  }
  if (data->texts.empty()) fail("{}: has no words", file);
  if (!any_token)
    fail("{}: no word has a token among the {} of {}: there is nothing to learn or to judge", file, model.max_length(),
         called("max_length"));
  data_ = std::move(data);
}

TokensExamples::TokensExamples(WordTagger& model, int64_t count, const ClassLoss& class_loss) : model_(model) {
  auto data = std::make_shared<Data>();
  data->class_loss = class_loss;
  data->texts = EncodedTexts::made_up(count, model.max_length());
  Sentence all;
  all.labels.assign(static_cast<size_t>(model.max_length()), 0);
  all.tokens.resize(all.labels.size());
  std::iota(all.tokens.begin(), all.tokens.end(), 0);
  data->sentences.assign(static_cast<size_t>(count), all);
  data_ = std::move(data);
}

std::unique_ptr<Examples> TokensExamples::read_by(TaskModel& other) const {
  return std::make_unique<TokensExamples>(dynamic_cast<TokensModel&>(other).tagger(), data_);
}

double TokensExamples::terms(std::span<const int64_t> examples) const {
  return data_->class_loss.terms(rows_of(examples).labels);
}

TokensExamples::WordRows TokensExamples::rows_of(std::span<const int64_t> examples) const {
  WordRows words;
  for (const int64_t example : examples) {
    const Sentence& one = sentence(example);
    for (size_t i = 0; i < one.tokens.size(); ++i) {
      if (!has_token(one.tokens[i])) continue;
      words.rows.push_back(static_cast<int32_t>(words.tokens) + one.tokens[i]);
      words.labels.push_back(one.labels[i]);
    }
    words.tokens += data_->texts[example].size();
  }
  return words;
}

Variable TokensExamples::loss(std::span<const int64_t> examples, double count) const {
  const WordRows words = rows_of(examples);
  std::vector<int32_t> targets(words.tokens, not_counted);
  for (size_t i = 0; i < words.rows.size(); ++i) targets[static_cast<size_t>(words.rows[i])] = words.labels[i];
  const Variable logits = model_.outputs(data_->texts.pick(examples));
  return class_loss(logits, targets, data_->class_loss, count);
}

std::vector<float> TokensExamples::outputs(std::span<const int64_t> examples) const {
  return model_.outputs(data_->texts.pick(examples)).value().to_host<float>();
}

std::unique_ptr<Evaluation> TokensExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<TokensEvaluation::Sentence> judged(examples.size());
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const WordRows words = rows_of(batch);
    std::vector<float> logits;
    double loss = 0;
    if (!words.rows.empty()) {
      const Variable y = model_.outputs_at(data_->texts.pick(batch), words.rows);
      loss = class_loss(y, words.labels, {}, 1).value().item<double>();
      logits = y.value().to_host<float>();
    }
    std::span<const float> left = logits;
    for (size_t i = 0; i < batch.size(); ++i)
      judged[static_cast<size_t>(places[i])] = judge(sentence(batch[i]), model_.labels(), left);
    return loss;
  };
  const double loss =
      evaluate_in_batches(model_.store(), *this, examples, run, ClassLoss().terms(rows_of(examples).labels));
  return std::make_unique<TokensEvaluation>(model_.labels(), std::move(judged), loss);
}

ShownExample TokensExamples::show(int64_t example) const {
  ShownExample shown = data_->texts.show(example, model_.tokenizer());
  const Sentence& words = sentence(example);
  for (size_t i = 0; i < words.tokens.size(); ++i) {
    if (!has_token(words.tokens[i])) continue;
    ShownExample::Token& token = shown.tokens[static_cast<size_t>(words.tokens[i])];
    token.has_loss = true;
    token.label = model_.labels()[static_cast<size_t>(words.labels[i])];
  }
  return shown;
}

int64_t TokensExamples::stratum(int64_t example) const {
  if (!name_entities(model_.labels())) return 0;
  const auto is_entity = [&](int32_t label) { return model_.labels()[static_cast<size_t>(label)] != no_tag; };
  const std::vector<int32_t>& labels = sentence(example).labels;
  const auto first = std::ranges::find_if(labels, is_entity);
  return first == labels.end() ? -1 : *first;
}

std::vector<std::string> TokensExamples::notes() const {
  int64_t beyond = 0, without = 0;
  for (int64_t example = 0; example < size(); ++example)
    (cut(example) > 0 ? beyond : without) += std::ranges::count(sentence(example).tokens, -1);
  std::vector<std::string> lines = data_->notes;
  const auto tell = [&](int64_t count, const char* what) {
    if (count > 0)
      lines.push_back(fmt::format("{}: words {}: {}; nothing is learnt from them, they count as {}",
                                  data_->texts.file(), what, count, no_tag));
  };
  tell(beyond, "that are cut off");
  tell(without, "without a token");
  return lines;
}

Fingerprint TokensExamples::identity() const {
  uint32_t sum = 0;
  for (const Sentence& words : data_->sentences) sum = checksum(words.tokens, checksum(words.labels, sum));
  return {{"sentences, as token ids", checksum_text(data_->texts.checksum())},
          {"labels of the words", checksum_text(sum)}};
}

}  // namespace thaw
