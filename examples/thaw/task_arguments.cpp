// SPDX-License-Identifier: Apache-2.0
// The table of tasks as options.
#include "examples/thaw/task_arguments.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "examples/number_options.h"
#include "models/hub/model_directory.h"
#include "models/tasks/task_table.h"

namespace thaw {
namespace {

template <class Value>
Value value_of(const OptionField& option) {
  return std::visit([](const auto* field) { return Value(std::in_place_type<std::decay_t<decltype(*field)>>, *field); },
                    option.field);
}

template <class Value>
void set_value(const OptionField& option, const Value& value) {
  std::visit([&](auto* field) { *field = std::get<std::decay_t<decltype(*field)>>(value); }, option.field);
}

}  // namespace

TaskArguments::TaskArguments(TaskUse use) : TaskArguments(use, {task_names(), make_task, task_of_directory, true}) {}

TaskArguments TaskArguments::of_writing_tasks() {
  return {TaskUse::prediction, {writing_task_names(), make_writing_task, writing_task_of, false}};
}

TaskArguments::TaskArguments(TaskUse use, Source source) : use_(use), source_(std::move(source)) {
  for (const std::string& name : source_.names) {
    std::unique_ptr<Task>& task = tasks_[name] = source_.make(name, option_names());
    options_.add_entry(name, task->options(use));
    for (const OptionField& option : task->options(use)) initial_[name][option.name] = value_of<Value>(option);
  }
}

void TaskArguments::add_options(CLI::App& command, const std::string& group) {
  if (source_.has_choice)
    add_word(command, "--task", name_, source_.names,
             "what the model learns (default: as the model's config.json says)")
        ->group(group);
  options_.add_options(command, group);
}

std::string TaskArguments::help(std::string TaskHelp::*part) const {
  std::string text;
  for (const auto& [name, task] : tasks_) {
    if (!text.empty()) text += '\n';
    if (tasks_.size() > 1) text += name + ":\n";
    text += task->help().*part + '\n';
  }
  return text;
}

Task& TaskArguments::chosen(const CLI::App& command, const std::string& directory) {
  const std::string name = name_.empty() ? source_.of_directory(directory) : name_;
  Task& task = *tasks_.at(name);
  std::vector<std::pair<OptionField, Value>> given;  // what was parsed may lie in this very task's fields
  for (const OptionField& option : task.options(use_))
    if (command.count(option_name(option.name)) > 0) given.emplace_back(option, value_of<Value>(option));
  for (const auto& [option, value] : given) set_value(option, initial_.at(name).at(option.name));
  if (!directory.empty()) task.take_up_options(directory, use_);
  options_.take_defaults(name);  // an option is given where it is another value than the model's
  for (const auto& [option, value] : given) {
    set_value(option, value);
    task.take_over_option(option.name);
  }
  try {
    options_.choose(command, name);
  } catch (const CLI::ValidationError&) {
    if (name_.empty() && !directory.empty()) check_has_config(directory);  // without one the task was a guess
    throw;
  }
  try {
    task.check_options(use_);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError(error.what());
  }
  return task;
}

std::unique_ptr<Task> TaskArguments::made(const CLI::App& command, const std::string& directory) {
  Task& like = chosen(command, directory);
  std::unique_ptr<Task> task = source_.make(like.name(), option_names());
  task->take_up_options(directory, use_);
  std::vector<OptionField> fields = task->options(use_);
  for (const OptionField& option : like.options(use_)) {
    if (command.count(option_name(option.name)) == 0) continue;
    set_value(*std::ranges::find(fields, option.name, &OptionField::name), value_of<Value>(option));
    task->take_over_option(option.name);
  }
  return task;
}

}  // namespace thaw
