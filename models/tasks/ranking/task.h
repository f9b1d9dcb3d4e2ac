// SPDX-License-Identifier: Apache-2.0
// The task of ranking: a number for a text, a picture, a sound, the higher, the better; learnt from which of two is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/ranking/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class RankingTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "ranking"; }
  std::vector<OptionField> options(TaskUse use) override;
  std::vector<OptionField> kept_facts() override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // There is little to decide: what the model reads, and whether the columns are there.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> notes() const override;
  std::vector<std::string> warnings() const override;
  std::vector<std::string> metric_names() const override;
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  void check_saved(const std::string& directory) const override;
  bool takes_several_files(const std::string& directory) const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  // Of its own training, by what its directory keeps.
  bool is_kept(std::string_view option) const;
  // What is asked for, and of what is kept as much as stands beside that: a table has scores or pairs.
  RankingOptions standing_options() const;
  // std::invalid_argument on an option that pairs make nothing of.
  void check_preferences(const RankingOptions& options) const;
  // With what the model of a directory reads. std::runtime_error naming it if that cannot be ranked.
  RankingOptions options_for(const std::string& directory) const;

  RankingOptions options_;
  bool has_looked_ = false;
  bool takes_pairs_ = false;  // trained on two texts at once
};

}  // namespace thaw
