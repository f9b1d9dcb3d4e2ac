// SPDX-License-Identifier: Apache-2.0
// The task that BERT is pretrained for: to find masked words, and to tell whether the second of two texts follows the
// first (Devlin et al. 2019).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/pretraining/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class PretrainingTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "pretraining"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // There is nothing to decide: sees whether the column is there.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> metric_names() const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  PretrainingOptions options_;
};

}  // namespace thaw
