// SPDX-License-Identifier: Apache-2.0
// The task of writing the spans that are missing in a text: pretrains models that write texts (Raffel et al. 2020), and
// fills gaps.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/spans/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class SpansTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "spans"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // There is nothing to decide: sees whether the model writes texts and the column is there.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> metric_names() const override { return {"accuracy", "loss", "perplexity"}; }
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  SpansOptions options_;
};

}  // namespace thaw
