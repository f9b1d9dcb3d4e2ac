// SPDX-License-Identifier: Apache-2.0
// What a saved directory keeps of a task.
#include "models/tasks/task.h"

#include <algorithm>
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
  if (!record || record->task != name()) return;
  const std::vector<OptionField> fields = kept_fields(), of_use = options(use);
  std::vector<std::string> others;  // what tells of data that are not those of this use
  for (const OptionField& field : fields)
    if (field.of_data &&
        (use == TaskUse::training || std::ranges::find(of_use, field.name, &OptionField::name) == of_use.end()))
      others.push_back(field.name);
  taken_up_ = take_up(*record, fields, others);
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
