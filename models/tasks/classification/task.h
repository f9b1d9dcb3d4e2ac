// SPDX-License-Identifier: Apache-2.0
// The task of classifying texts or pairs of texts: one label, several, or numbers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/classification/options.h"
#include "models/tasks/classification/problem.h"
#include "models/tasks/classification/scores.h"
#include "models/tasks/text_task.h"

namespace thaw {

class ClassificationTask : public TextTask {
 public:
  using TextTask::TextTask;
  explicit ClassificationTask(ClassificationOptions options, FieldNames called = {})
      : TextTask(std::move(called)), options_(std::move(options)) {}

  std::string_view name() const override { return "classification"; }
  std::vector<OptionField> options(TaskUse use) override;
  std::vector<OptionField> kept_facts() override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> notes() const override;
  std::vector<std::string> warnings() const override;
  std::vector<std::string> metric_names() const override {
    return thaw::metric_names(problem_.type, problem_.labels.names());
  }
  std::string needs_validation() const override;
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

  const Problem& problem() const { return problem_; }

 protected:
  // Of what the model reads: columns, how much of it.
  virtual std::vector<OptionField> input_options();
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

  ClassificationOptions options_;

 private:
  // std::invalid_argument: a threshold where an example has one label, or a number.
  void check_sets(ProblemType type, bool has_threshold) const;

  Problem problem_;
  bool has_looked_ = false;
  bool takes_pairs_ = false;  // trained on pairs of texts
};

}  // namespace thaw
