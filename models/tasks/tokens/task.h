// SPDX-License-Identifier: Apache-2.0
// The task of labelling words: names of persons and places, parts of speech.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/text_task.h"
#include "models/tasks/tokens/evaluation.h"
#include "models/tasks/tokens/options.h"
#include "models/tasks/tokens/tags.h"

namespace thaw {

class TokensTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "tokens"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> notes() const override;
  std::vector<std::string> warnings() const override { return found_.warnings; }
  std::vector<std::string> metric_names() const override { return tokens_metric_names(); }
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  TokensOptions options_;
  FoundTags found_;                 // by look_at(), and ...
  std::vector<std::string> known_;  // ... the labels that the model has: none, if they have no names of their own
};

}  // namespace thaw
