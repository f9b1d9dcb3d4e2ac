// SPDX-License-Identifier: Apache-2.0
// Fields of tasks as options.
#include "examples/thaw/task_arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "examples/number_options.h"
#include "models/tasks/task_table.h"

namespace thaw {
namespace {

CLI::Option* add_text(CLI::App& command, const std::string& name, std::string& value, const TaskOption& option) {
  CLI::Option* added = option.words.empty() ? command.add_option(name, value, option.help)
                                            : add_word(command, name, value, option.words, option.help);
  return value.empty() ? added : added->default_str(value);
}

CLI::Option* add_task_option(CLI::App& command, const TaskOption& option) {
  const std::string name = option_name(option.name);
  if (const auto* text = std::get_if<std::string*>(&option.field)) return add_text(command, name, **text, option);
  if (const auto* flag = std::get_if<bool*>(&option.field)) return command.add_flag(name, **flag, option.help);
  if (const auto* whole = std::get_if<int64_t*>(&option.field)) {
    const WholeRange range{static_cast<int64_t>(option.least), static_cast<int64_t>(option.most)};
    CLI::Option* added = add_number(command, name, **whole, range, option.help);
    return **whole == 0 ? added : added->default_str(fmt::format("{}", **whole));
  }
  double& number = *std::get<double*>(option.field);
  return add_number(command, name, number, NumberRange{option.least, option.most}, option.help)
      ->default_str(fmt::format("{}", number));
}

void copy_value(const TaskOption& from, const TaskOption& to) {
  std::visit([&](auto* target) { *target = *std::get<decltype(target)>(from.field); }, to.field);
}

}  // namespace

std::string option_name(std::string_view field) {
  std::string name = "--" + std::string(field);
  std::ranges::replace(name, '_', '-');
  return name;
}

TaskArguments::TaskArguments(TaskUse use) : use_(use) {
  for (const std::string& name : task_names()) {
    auto task = make_task(name, option_names());
    std::vector<TaskOption> options = task->options(use);
    tasks_.push_back({name, std::move(task), std::move(options)});
  }
}

void TaskArguments::add_options(CLI::App& command, const std::string& group) {
  add_word(command, "--task", name_, task_names(), "what the model learns (default: as the model's config.json says)")
      ->group(group);
  for (const Entry& entry : tasks_)
    for (const TaskOption& option : entry.options)
      if (on_command_line_.emplace(option.name, option).second) add_task_option(command, option)->group(group);
}

Task& TaskArguments::chosen(const CLI::App& command, const std::string& directory) {
  const std::string name = name_.empty() ? task_of_directory(directory) : name_;
  const Entry& entry = *std::ranges::find(tasks_, name, &Entry::name);
  for (const auto& [field, given] : on_command_line_) {
    const auto own = std::ranges::find(entry.options, field, &TaskOption::name);
    if (command.count(option_name(field)) == 0) continue;
    if (own == entry.options.end())
      throw CLI::ValidationError(option_name(field), fmt::format("is no option of the task {}", name));
    copy_value(given, *own);
  }
  try {
    entry.task->check_options(use_);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError(error.what());
  }
  return *entry.task;
}

}  // namespace thaw
