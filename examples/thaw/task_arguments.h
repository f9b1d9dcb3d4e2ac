// SPDX-License-Identifier: Apache-2.0
// The options of all tasks on a command line, and the task that is asked for.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "examples/thaw/table_options.h"
#include "models/tasks/task.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

class TaskArguments {
  using Value = std::variant<std::string, int64_t, double, bool, std::optional<int64_t>, std::optional<double>,
                             std::optional<bool>>;

 public:
  explicit TaskArguments(TaskUse use);
  // Of the tasks that write texts: the directory chooses.
  static TaskArguments of_writing_tasks();

  // --task, where there is a choice, and each option that a task has.
  void add_options(CLI::App& command, const std::string& group);

  // That part of each task's help, under its name where there are several.
  std::string help(std::string TaskHelp::*part) const;

  // After the command line is read: the task of --task, else that of the model's directory (empty: the first), with its
  // options. Throws CLI::ValidationError on an option that the task has not, and on options that contradict each other.
  Task& chosen(const CLI::App& command, const std::string& directory);
  // The same, a task of its own: where several directories are open at a time.
  std::unique_ptr<Task> made(const CLI::App& command, const std::string& directory);
  // After chosen(): the fields of that task whose values are not its defaults, as text.
  const std::map<std::string, std::string>& changed() const { return options_.changed(); }
  bool names_file(const std::string& field) const { return options_.names_file(field); }
  // Is an option of the command line ("--label-column") a field of some task?
  bool is_field(const std::string& option) const { return options_.is_field(option); }
  // Its field names, for what else tells of them.
  static FieldNames option_names() { return FieldNames(option_name); }

 private:
  // Where tasks come from, and which is a directory's.
  struct Source {
    std::vector<std::string> names;
    std::unique_ptr<Task> (*make)(std::string_view name, FieldNames called);
    std::string (*of_directory)(const std::string& directory);
    bool has_choice;  // --task
  };
  TaskArguments(TaskUse use, Source source);

  TaskUse use_;
  Source source_;
  std::string name_;
  std::map<std::string, std::unique_ptr<Task>> tasks_;
  std::map<std::string, std::map<std::string, Value>> initial_;  // task -> field -> its value before any is given
  TableOptions options_{"the task"};
};

}  // namespace thaw
