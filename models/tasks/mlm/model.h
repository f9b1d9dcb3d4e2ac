// SPDX-License-Identifier: Apache-2.0
// A model with BERT's head for masked words, opened for the task.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/mlm/masks.h"
#include "models/tasks/mlm/options.h"
#include "models/tasks/text_task_model.h"

namespace thaw {

class MlmModel : public TextTaskModel {
 public:
  // A checkpoint's own head stays; without one it is new, its decoder tied to the word embeddings if config.json does
  // not say otherwise. Errors are those of TextPipeline, and a tokenizer without a mask token.
  MlmModel(const std::string& directory, const TextPipelineOptions& how, MlmOptions options, FieldNames called);
  MlmModel(const MlmModel& like, const Device& dry);

  TextPipeline& text() { return *text_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return {"accuracy", "word_accuracy", "loss", "perplexity"}; }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<MlmModel>(*this, dry);
  }
  // The model's switches, a checksum of the tokenizer's files, and what is masked.
  Fingerprint identity() const override;

 private:
  MlmModel(std::shared_ptr<TextPipeline> text, std::shared_ptr<const MaskRule> rule, uint64_t seed, MlmOptions options,
           FieldNames called);

  std::shared_ptr<TextPipeline> text_;
  std::shared_ptr<const MaskRule> rule_;
  uint64_t seed_;
  MlmOptions options_;
  FieldNames called_;
};

}  // namespace thaw
