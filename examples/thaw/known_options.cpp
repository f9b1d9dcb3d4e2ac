// SPDX-License-Identifier: Apache-2.0
// Finds names, exactly and nearly.
#include "examples/thaw/known_options.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstddef>
#include <sstream>
#include <utility>

#include "examples/thaw/trainer_names.h"
#include "nn/name_pattern.h"

namespace thaw {
namespace {

// The subcommand whose runs another one starts, and gives what it does not take itself.
constexpr const char* runs = "finetune";

std::string with_dashes(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

// The names of the command's options, without "--".
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  return names;
}

const CLI::Option* find_exactly(const CLI::App& command, const std::string& name) {
  for (const CLI::Option* option : command.get_options())
    if (std::ranges::find(option->get_lnames(), name) != option->get_lnames().end()) return option;
  return nullptr;
}

// "batch" and "train-epochs" are parts of "batch-size" and "num-train-epochs".
bool is_part_of(const std::string& name, const std::string& other) {
  if (name.empty()) return false;
  std::istringstream words(name);
  for (std::string word; std::getline(words, word, '-');)
    if (word.empty() || ("-" + other).find("-" + word) == std::string::npos) return false;
  return true;
}

}  // namespace

const CLI::Option* find_option(const CLI::App& command, const std::string& name) {
  if (const CLI::Option* option = find_exactly(command, name)) return option;
  const std::string own = with_dashes(name);
  if (const CLI::Option* option = find_exactly(command, own)) return option;
  const std::string alias = own_name_of(own);
  return alias.empty() ? nullptr : find_exactly(command, alias);
}

const CLI::Option* find_taken(const CLI::App& app, const CLI::App& command, const std::string& name) {
  const CLI::Option* own = find_option(command, name);
  return own || !command.get_allow_extras() ? own : find_option(*app.get_subcommand(runs), name);
}

bool is_option_of_runs(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : app.get_subcommands({}))
    if (command->get_name() == runs) return find_option(*command, name) != nullptr;
  return false;
}

std::string near_text(const std::string& name, const std::vector<std::string>& names, const std::string& mark) {
  std::vector<std::pair<int, std::string>> found;
  const NamePattern wanted = NamePattern::literal(name);
  for (const std::string& other : names) {
    const int edits = wanted.edits(other);
    if (edits <= std::max<int>(1, static_cast<int>(name.size()) / 4)) {
      found.emplace_back(edits, other);
    } else if (is_part_of(name, other)) {
      found.emplace_back(edits + 100, other);
    }
  }
  std::ranges::stable_sort(found, {}, [](const auto& one) { return one.first; });
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(3, found.size()); ++i)
    text += (i ? ", " : "; near: ") + mark + found[i].second;
  return text;
}

std::string commands_with(const CLI::App& app, const std::string& name) {
  std::string commands;
  for (const CLI::App* command : app.get_subcommands({}))
    if (!name.empty() && find_option(*command, name)) commands += (commands.empty() ? "" : ", ") + command->get_name();
  return commands;
}

std::string why_unknown(const CLI::App& app, const CLI::App& command, const std::string& name,
                        const std::string& mark) {
  const std::string own = with_dashes(name);
  if (const std::string advice = trainer_advice(own); !advice.empty()) return "not an option here: " + advice;
  std::vector<std::string> names = option_names(command);
  if (command.get_allow_extras())
    for (const std::string& name_of_run : option_names(*app.get_subcommand(runs))) names.push_back(name_of_run);
  std::string hint = near_text(own, names, mark);
  if (const std::string elsewhere = commands_with(app, own); hint.empty() && !elsewhere.empty())
    hint = "; an option of: " + elsewhere;
  std::string help = &command == &app ? "thaw" : "thaw " + command.get_name();
  if (command.get_allow_extras()) help = fmt::format("{} --help` and `thaw {}", help, runs);
  return fmt::format("not known{} (`{} --help` lists the options)", hint, help);
}

}  // namespace thaw
