// SPDX-License-Identifier: Apache-2.0
// A causal model with a head for what comes next, opened to draw pictures of captions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/image_tokens.h"
#include "models/tasks/text_task_model.h"
#include "models/tasks/text_to_image/evaluation.h"
#include "models/tasks/text_to_image/options.h"
#include "models/tasks/text_to_image/sequence_encoder.h"

namespace thaw {

class TextToImageModel : public TextTaskModel {
 public:
  // A model that has fewer words than `tokens` names gets more, with random vectors, unless it is to predict. Errors
  // are those of TextPipeline; std::runtime_error naming the directory if sequences are longer than the model reads,
  // or if `tokens` do not begin where the tokenizer ends.
  TextToImageModel(const std::string& directory, const TextPipelineOptions& how, const ImageTokens& tokens,
                   TextToImageOptions options, FieldNames called);
  TextToImageModel(const TextToImageModel& like, const Device& dry);

  TextPipeline& text() { return *text_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return TextToImageEvaluation::metric_names(); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<TextToImageModel>(*this, dry);
  }
  // That of the texts, and which ids stand for what.
  Fingerprint identity() const override;

 protected:
  // With image_tokens.json.
  void save_model(const std::string& directory, const SaveOptions& options) const override;

 private:
  TextToImageModel(std::shared_ptr<TextPipeline> text, const ImageTokens& tokens, TextToImageOptions options,
                   FieldNames called);

  std::shared_ptr<TextPipeline> text_;
  std::shared_ptr<const SequenceEncoder> encoder_;
  TextToImageOptions options_;
  FieldNames called_;
};

}  // namespace thaw
