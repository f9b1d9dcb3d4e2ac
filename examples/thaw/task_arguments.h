// SPDX-License-Identifier: Apache-2.0
// The options of all tasks on a command line, and the task that is asked for.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/tasks/task.h"

namespace thaw {

// "--label-separator" for "label_separator".
std::string option_name(std::string_view field);

class TaskArguments {
 public:
  explicit TaskArguments(TaskUse use);

  // --task, and each option that a task of the table has.
  void add_options(CLI::App& command, const std::string& group);

  // After the command line is read: the task of --task, else that of the model's directory (empty: the first), with its
  // options. Throws CLI::ValidationError on an option that the task has not, and on options that contradict each other.
  Task& chosen(const CLI::App& command, const std::string& directory);
  // After chosen(): the fields of that task whose values are not its defaults, as text.
  const std::map<std::string, std::string>& changed() const { return changed_; }
  // Is an option of the command line ("--label-column") a field of some task?
  bool is_field(const std::string& option) const;
  // Its field names, for what else tells of them.
  static FieldNames option_names() { return FieldNames(option_name); }

 private:
  struct Entry {
    std::string name;
    std::unique_ptr<Task> task;
    std::vector<TaskOption> options;
    std::map<std::string, std::string> defaults;  // of its fields, as text
  };
  void add_option(CLI::App& command, const TaskOption& option, const std::string& group) const;

  TaskUse use_;
  std::string name_;
  std::vector<Entry> tasks_;
  std::map<std::string, std::string> changed_;
  std::map<std::string, TaskOption> on_command_line_;  // where a value given goes first
};

}  // namespace thaw
