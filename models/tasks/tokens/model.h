// SPDX-License-Identifier: Apache-2.0
// A model opened for labelling words: what it reads, is trained for, and predicts.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/class_loss.h"
#include "models/data/field_names.h"
#include "models/data/labels.h"
#include "models/tasks/text_task_model.h"
#include "models/tasks/tokens/evaluation.h"
#include "models/tasks/tokens/options.h"
#include "models/tasks/tokens/word_tagger.h"

namespace thaw {

class TokensModel : public TextTaskModel {
 public:
  // counts: how many words of the training data have each label. Errors are those of WordTagger, and of
  // ClassLossOptions.
  TokensModel(const std::string& directory, const WordTaggerOptions& how, TokensOptions options,
              const std::map<std::string, int64_t>& counts, FieldNames called);
  TokensModel(const TokensModel& like, const Device& dry);

  WordTagger& tagger() { return *tagger_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return tokens_metric_names(); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<TokensModel>(*this, dry);
  }
  // Names of the classes, the model's switches, a checksum of the tokenizer's files.
  Fingerprint identity() const override;

 private:
  TokensModel(std::shared_ptr<WordTagger> tagger, TokensOptions options, FieldNames called);

  std::shared_ptr<WordTagger> tagger_;
  std::optional<LabelSet> labels_;  // as training data call them; absent: each file decides
  TokensOptions options_;
  ClassLoss class_loss_;  // of training
  FieldNames called_;
};

}  // namespace thaw
