// SPDX-License-Identifier: Apache-2.0
// A model that writes texts, opened to restore missing spans.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/spans/corruption.h"
#include "models/tasks/spans/options.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/text_to_text.h"

namespace thaw {

class SpansModel : public TaskModel {
 public:
  // how.max_length: tokens of a source. Errors are those of TextToText and SpanRule, and std::invalid_argument where
  // such sources need more sentinels than there are.
  SpansModel(const std::string& directory, const TextToTextOptions& how, SpansOptions options, FieldNames called);
  SpansModel(const SpansModel& like, const Device& dry);

  TextToText& text() { return *text_; }

  ParameterStore& store() override { return text_->writer().store(); }
  const LoadReport& report() const override { return text_->writer().report(); }
  void set_checkpointing(bool on) override { text_->writer().set_checkpointing(on); }
  std::vector<std::string> warnings() const override { return text_->warnings({}, called_); }
  std::string description() const override;
  std::vector<std::string> metric_names() const override { return {"accuracy", "loss", "perplexity"}; }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<SpansModel>(*this, dry);
  }
  // The model's switches, a checksum of the tokenizer's files, and what goes missing.
  Fingerprint identity() const override;

 protected:
  void save_model(const std::string& directory, const SaveOptions& options) const override {
    text_->save(directory, options);
  }

 private:
  std::shared_ptr<TextToText> text_;
  std::shared_ptr<const SpanRule> rule_;
  uint64_t seed_;
  SpansOptions options_;
  FieldNames called_;
};

}  // namespace thaw
