// SPDX-License-Identifier: Apache-2.0
// A data file as a model that labels words reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/class_loss.h"
#include "models/data/field_names.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"
#include "models/tasks/tokens/options.h"
#include "models/tasks/tokens/tags.h"
#include "models/tasks/tokens/word_tagger.h"

namespace thaw {

class TokensExamples : public Examples {
 public:
  // Of a sentence's words.
  struct Sentence {
    std::vector<int32_t> labels;  // classes
    std::vector<int32_t> tokens;  // the first token of each; -1: it has none, or lies beyond the greatest length
  };
  struct Data {
    EncodedTexts texts;
    std::vector<Sentence> sentences;
    ClassLoss class_loss = {};  // of training; evaluations have the plain one
    std::vector<std::string> notes = {};
  };
  TokensExamples(WordTagger& model, std::shared_ptr<const Data> data) : model_(model), data_(std::move(data)) {}
  // The model must outlive them. Throws std::runtime_error naming file and line: a broken row, a label that is not one
  // of the tags; and if no word of the file has a token.
  TokensExamples(WordTagger& model, const std::string& file, const TokensOptions& options, const TakenTags& tags,
                 const FieldNames& called, const ClassLoss& class_loss = {});
  // So many made-up sentences of the greatest length, each token a word.
  TokensExamples(WordTagger& model, int64_t count, const ClassLoss& class_loss = {});

  std::span<const int64_t> lengths() const override { return data_->texts.lengths(); }
  // Words that have a token, or what their labels weigh.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  // A word without a token among those that fit is taken as O. Its loss is the plain one: it can be compared, whatever
  // the training was like.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(data_->texts.pick(examples), how);
  }
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(data_->texts[example].cut); }
  // The sentence's first label but O, if labels name entities: those without any are alike.
  int64_t stratum(int64_t example) const override;
  uint64_t kin(int64_t example) const override { return data_->texts.checksum(example); }
  // How the labels are taken; how many words teach nothing, and count as O.
  std::vector<std::string> notes() const override;
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  // The words of examples that have a token, numbered through all texts.
  struct WordRows {
    std::vector<int32_t> rows, labels;
    size_t tokens = 0;  // of all texts
  };
  WordRows rows_of(std::span<const int64_t> examples) const;
  const Sentence& sentence(int64_t example) const { return data_->sentences[static_cast<size_t>(example)]; }

  WordTagger& model_;
  std::shared_ptr<const Data> data_;
};

}  // namespace thaw
