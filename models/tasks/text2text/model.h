// SPDX-License-Identifier: Apache-2.0
// A model that writes texts, opened for the task: what it reads, is trained for, and predicts.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/examples.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text2text/text_to_text.h"

namespace thaw {

class Text2TextModel : public TaskModel {
 public:
  // Errors are those of TextToText, and generation options that are out of their ranges or contradict each other.
  // targets: of the training data, where they were tokenized before.
  Text2TextModel(const std::string& directory, const TextToTextOptions& how, Text2TextOptions options,
                 FieldNames called, std::shared_ptr<TokenizedTargets> targets);
  Text2TextModel(const Text2TextModel& like, const Device& dry);

  TextToText& text() { return *text_; }

  ParameterStore& store() override { return text_->writer().store(); }
  const LoadReport& report() const override { return text_->writer().report(); }
  void set_checkpointing(bool on) override { text_->writer().set_checkpointing(on); }
  std::string description() const override;
  std::vector<std::string> metric_names() const override;
  std::unique_ptr<Examples> read(const std::string& file) override;
  // Of a mixture, instead: its tasks' validation files.
  std::unique_ptr<Examples> own_validation() override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::vector<std::string> warnings() const override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<Text2TextModel>(*this, dry);
  }
  // The model's switches, a checksum of the tokenizer's files, and how targets are smoothed.
  Fingerprint identity() const override;
  // How texts are written to judge them.
  Fingerprint judging_identity() const override;

 protected:
  void save_model(const std::string& directory, const SaveOptions& options) const override {
    text_->save(directory, options);
  }

 private:
  std::unique_ptr<Text2TextExamples> examples_of(std::shared_ptr<const Text2TextExamples::Data> data) const;

  std::shared_ptr<TextToText> text_;
  uint64_t seed_;  // of what is drawn of a mixture
  Text2TextOptions options_;
  std::shared_ptr<TokenizedTargets> targets_;
  FieldNames called_;
  Judging judging_;  // by the likeliest text, whatever is drawn in predictions
};

}  // namespace thaw
