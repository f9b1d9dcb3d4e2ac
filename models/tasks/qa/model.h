// SPDX-License-Identifier: Apache-2.0
// A model that finds answers, opened for the task: what it reads, is trained for, and predicts.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/qa/options.h"
#include "models/tasks/text_task_model.h"

namespace thaw {

class QaModel : public TextTaskModel {
 public:
  // A head for answers is kept, any other replaced. Errors are those of TextPipeline, and a model that takes no pairs.
  QaModel(const std::string& directory, const TextPipelineOptions& how, const QaOptions& options, FieldNames called);
  QaModel(const QaModel& like, const Device& dry);

  TextPipeline& text() { return *text_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override;
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<QaModel>(*this, dry);
  }
  // The options that make answers of scores, and say what counts as one.
  Fingerprint judging_identity() const override;

 private:
  QaModel(std::shared_ptr<TextPipeline> text, const QaOptions& options, FieldNames called)
      : TextTaskModel(text), text_(std::move(text)), options_(options), called_(std::move(called)) {}

  std::shared_ptr<TextPipeline> text_;
  QaOptions options_;
  FieldNames called_;
};

}  // namespace thaw
