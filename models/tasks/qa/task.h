// SPDX-License-Identifier: Apache-2.0
// The task of finding answers to questions in texts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/qa/evaluation.h"
#include "models/tasks/qa/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class QaTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "qa"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // Questions without an answer among the training data decide that none may be said.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> notes() const override;
  std::vector<std::string> metric_names() const override { return qa_metric_names(options_.version_2_with_negative); }
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  QaOptions options_;
  bool found_none_ = false;  // by look_at()
};

}  // namespace thaw
