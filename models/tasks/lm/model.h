// SPDX-License-Identifier: Apache-2.0
// A causal model with a head for what comes next, opened for the task.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/lm/documents.h"
#include "models/tasks/lm/evaluation.h"
#include "models/tasks/lm/options.h"
#include "models/tasks/text_task_model.h"

namespace thaw {

class LmModel : public TextTaskModel {
 public:
  // Errors are those of TextPipeline; std::invalid_argument if windows have more in common than they have tokens.
  LmModel(const std::string& directory, const TextPipelineOptions& how, LmOptions options, FieldNames called);
  LmModel(const LmModel& like, const Device& dry);

  TextPipeline& text() { return *text_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return LmEvaluation::metric_names(); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<LmModel>(*this, dry);
  }

 protected:
  const LmOptions& options() const { return options_; }
  const FieldNames& called() const { return called_; }

 private:
  LmModel(std::shared_ptr<TextPipeline> text, LmOptions options, FieldNames called);

  std::shared_ptr<TextPipeline> text_;
  LmOptions options_;
  FieldNames called_;
};

}  // namespace thaw
