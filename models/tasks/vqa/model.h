// SPDX-License-Identifier: Apache-2.0
// A model of questions about pictures, opened for the task.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/text_task_model.h"
#include "models/tasks/vqa/options.h"
#include "models/tasks/vqa/question_answerer.h"

namespace thaw {

class VqaModel : public TextTaskModel {
 public:
  VqaModel(std::shared_ptr<QuestionAnswerer> answerer, VqaOptions options, FieldNames called)
      : TextTaskModel(answerer),
        answerer_(std::move(answerer)),
        options_(std::move(options)),
        called_(std::move(called)) {}

  QuestionAnswerer& answerer() { return *answerer_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return {"accuracy", "loss"}; }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<VqaModel>(std::make_shared<QuestionAnswerer>(*answerer_, dry), options_, called_);
  }
  // The answers, the model's switches, checksums of the files of tokenizer and image processor.
  Fingerprint identity() const override;

 private:
  std::shared_ptr<QuestionAnswerer> answerer_;
  VqaOptions options_;
  FieldNames called_;
};

}  // namespace thaw
