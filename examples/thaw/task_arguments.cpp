// SPDX-License-Identifier: Apache-2.0
// Fields of tasks as options.
#include "examples/thaw/task_arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>

#include "examples/number_options.h"
#include "models/tasks/task_table.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void add_task_option(CLI::App& command, const TaskOption& option, const std::string& help,
                     const std::string& shown_default, const std::string& group) {
  const std::string name = option_name(option.name);
  CLI::Option* added = nullptr;
  if (const auto* text = std::get_if<std::string*>(&option.field)) {
    added = option.words.empty() ? command.add_option(name, **text, help)
                                 : add_word(command, name, **text, option.words, help);
  } else if (const auto* flag = std::get_if<bool*>(&option.field)) {
    added = command.add_flag(name, **flag, help);
  } else if (const auto* whole = std::get_if<int64_t*>(&option.field)) {
    const WholeRange range{static_cast<int64_t>(option.least), static_cast<int64_t>(option.most)};
    added = add_number(command, name, **whole, range, help);
  } else {
    added = add_number(command, name, *std::get<double*>(option.field), NumberRange{option.least, option.most}, help);
  }
  added->group(group);
  if (!shown_default.empty()) added->default_str(shown_default);
}

// Of a field whose help tells what happens if it is not given: nothing.
std::string shown_default(const TaskOption& option) {
  const std::string text = value_text(option);
  const bool is_none =
      std::holds_alternative<bool*>(option.field) || (std::holds_alternative<int64_t*>(option.field) && text == "0");
  return is_none ? "" : text;
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
    Entry entry{name, make_task(name, option_names()), {}, {}};
    entry.options = entry.task->options(use);
    for (const TaskOption& option : entry.options) entry.defaults[option.name] = value_text(option);
    tasks_.push_back(std::move(entry));
  }
}

void TaskArguments::add_options(CLI::App& command, const std::string& group) {
  add_word(command, "--task", name_, task_names(), "what the model learns (default: as the model's config.json says)")
      ->group(group);
  for (const Entry& entry : tasks_)
    for (const TaskOption& option : entry.options)
      if (on_command_line_.emplace(option.name, option).second) add_option(command, option, group);
}

// Where tasks have one name for an option, its help tells what it is to each.
void TaskArguments::add_option(CLI::App& command, const TaskOption& option, const std::string& group) const {
  std::string help = option.help, given_default = shown_default(option);
  bool differs = false;
  std::string all;
  for (const Entry& entry : tasks_) {
    const auto own = std::ranges::find(entry.options, option.name, &TaskOption::name);
    if (own == entry.options.end()) continue;
    check(own->field.index() == option.field.index(), "option {}: the task {} has it of another type", option.name,
          entry.name);
    differs = differs || own->help != option.help || shown_default(*own) != given_default;
    all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", entry.name, own->help);
    if (const std::string shown = shown_default(*own); !shown.empty()) all += fmt::format(" (default: {})", shown);
  }
  if (differs) help = all, given_default.clear();
  add_task_option(command, option, help, given_default, group);
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
    if (value_text(*own) != entry.defaults.at(field)) changed_[field] = value_text(*own);
  }
  try {
    entry.task->check_options(use_);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError(error.what());
  }
  return *entry.task;
}

bool TaskArguments::is_field(const std::string& option) const {
  return std::ranges::any_of(on_command_line_, [&](const auto& known) { return option_name(known.first) == option; });
}

}  // namespace thaw
