// SPDX-License-Identifier: Apache-2.0
// A model with the heads that BERT is pretrained with, opened for the task.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/mlm/masks.h"
#include "models/tasks/pretraining/options.h"
#include "models/tasks/pretraining/texts.h"
#include "models/tasks/text_task_model.h"

namespace thaw {

class PretrainingModel : public TextTaskModel {
 public:
  // Heads that the checkpoint has stay; those that it has not are new, the decoder of words tied to the word embeddings
  // if config.json does not say otherwise. Without next sentences the head is that of masked words alone. Errors are
  // those of TextPipeline, and a tokenizer without a mask token.
  PretrainingModel(const std::string& directory, const TextPipelineOptions& how, const PretrainingOptions& options,
                   FieldNames called);
  PretrainingModel(const PretrainingModel& like, const Device& dry);

  TextPipeline& text() { return *text_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return metric_names(options_); }
  static std::vector<std::string> metric_names(const PretrainingOptions& options);
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  // Fills masks.
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<PretrainingModel>(*this, dry);
  }
  // The model's switches, a checksum of the tokenizer's files, and what is learnt.
  Fingerprint identity() const override;

 private:
  PretrainingModel(std::shared_ptr<TextPipeline> text, std::shared_ptr<const MaskRule> rule, uint64_t seed,
                   PretrainingOptions options, FieldNames called);
  std::unique_ptr<Examples> examples_of(std::shared_ptr<const PretrainingTexts::Data> data);

  std::shared_ptr<TextPipeline> text_;
  std::shared_ptr<const MaskRule> rule_;
  uint64_t seed_;
  PretrainingOptions options_;
  FieldNames called_;
};

}  // namespace thaw
