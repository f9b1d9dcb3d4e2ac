// SPDX-License-Identifier: Apache-2.0
// The task of telling what comes next, token by token (Radford et al. 2018): pretraining of causal models, texts of a
// domain, answers behind prompts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/lm/evaluation.h"
#include "models/tasks/lm/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class LmTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "lm"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // There is nothing to decide: sees whether the columns are there.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> metric_names() const override { return LmEvaluation::metric_names(); }
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

  LmOptions options_;

 private:
  // std::invalid_argument if texts are to end elsewhere than options can say of this file.
  void check_separator(const std::string& train_file) const;
};

}  // namespace thaw
