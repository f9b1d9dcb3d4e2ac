// SPDX-License-Identifier: Apache-2.0
// The task of the frozen pretrained transformer: sequences that are no texts, through a body that was trained on texts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/frozen/options.h"
#include "models/tasks/task.h"

namespace thaw {

class FrozenTask : public Task {
 public:
  using Task::Task;

  std::string_view name() const override { return "frozen"; }
  std::vector<OptionField> options(TaskUse use) override;
  std::vector<OptionField> kept_facts() override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // Finds the format of the sequences.
  void look_at(const std::string& directory, const std::string& train_file) override;
  OwnData own_data() const override;
  bool has_usual_rules() const override { return true; }
  std::optional<double> learning_rate() const override { return 1e-3; }
  std::vector<std::string> metric_names() const override;
  void check_saved(const std::string& directory) const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  // Shared with the models that are opened: the seed of a random body is found when one is.
  std::shared_ptr<FrozenOptions> options_ = std::make_shared<FrozenOptions>();
};

}  // namespace thaw
