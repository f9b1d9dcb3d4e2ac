// SPDX-License-Identifier: Apache-2.0
// The part of a TaskModel that is the same for every task of texts.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class TextTaskModel : public TaskModel {
 public:
  ParameterStore& store() override { return text_->store(); }
  const LoadReport& report() const override { return text_->report(); }
  void set_checkpointing(bool on) override { text_->set_checkpointing(on); }
  Fingerprint identity() const override { return text_->identity(); }

 protected:
  void save_model(const std::string& directory, const SaveOptions& options) const override {
    text_->save(directory, options);
  }
  explicit TextTaskModel(std::shared_ptr<TextPipeline> text) : text_(std::move(text)) {}

 private:
  std::shared_ptr<TextPipeline> text_;
};

}  // namespace thaw
