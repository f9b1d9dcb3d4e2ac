// SPDX-License-Identifier: Apache-2.0
// The task of embedding texts: vectors that are near each other where texts mean the same.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/embed/model.h"
#include "models/tasks/embed/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class EmbedTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "embed"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // There is nothing to decide: sees whether the columns are there.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> metric_names() const override { return thaw::metric_names(options_); }
  // Without max_length, texts are cut where sentence_bert_config.json says, else as other tasks' are.
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  bool batches_decide_loss() const override { return options_.score_column.empty(); }
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  EmbedOptions options_;
};

}  // namespace thaw
