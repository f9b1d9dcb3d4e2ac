// SPDX-License-Identifier: Apache-2.0
// The task of answering questions about pictures with one of the answers that the training data have.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/text_task.h"
#include "models/tasks/vqa/options.h"

namespace thaw {

class VqaTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "vqa"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> metric_names() const override { return {"accuracy", "loss"}; }
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  void check_saved(const std::string& directory) const override { check_saved_model(directory, InputKind::questions); }
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  VqaOptions options_;
  std::vector<std::string> answers_;  // of the training data; empty: nobody has looked at them
};

}  // namespace thaw
