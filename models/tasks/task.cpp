// SPDX-License-Identifier: Apache-2.0
// What a saved directory keeps of a task.
#include "models/tasks/task.h"

#include <optional>

#include "models/tasks/misfit_of_task.h"
#include "models/tasks/task_record.h"

namespace thaw {

std::vector<OptionField> Task::kept_fields() {
  std::vector<OptionField> all = options(TaskUse::training);
  for (OptionField& option : options(TaskUse::prediction)) all.push_back(std::move(option));
  for (OptionField& fact : kept_facts()) all.push_back(std::move(fact));
  return all;
}

void Task::take_up_options(const std::string& directory, TaskUse use) {
  const std::optional<TaskRecord> record = read_task_record(directory);
  taken_up_.clear();
  if (record && record->task == name()) taken_up_ = take_up(*record, kept_fields(), use == TaskUse::training);
}

void Task::take_over_option(std::string_view option) { std::erase(taken_up_, option); }

std::unique_ptr<TaskModel> Task::open(const std::string& directory, const TaskOpening& opening) {
  std::unique_ptr<TaskModel> model;
  try {
    model = open_model(directory, opening);
  } catch (const ChangeMisfit& misfit) {
    fail_for_task(misfit, directory, name());
  }
  model->set_record(make_task_record(name(), kept_fields()));
  return model;
}

}  // namespace thaw
