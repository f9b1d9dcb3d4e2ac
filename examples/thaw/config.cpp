// SPDX-License-Identifier: Apache-2.0
// Arguments to lines, and lines to arguments.
#include "examples/thaw/config.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "examples/thaw/known_options.h"
#include "examples/thaw/option_file.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

const std::vector<std::string> never_in_a_file{"--help", "--config"};
const std::vector<std::string> not_written{"--help",          "--config",     "--output-dir", "--resume",
                                           "--resume-if-any", "--other-plan", "--device"};
const std::vector<std::string> always_written{"--seed", "--optim", "--learning-rate", "--batch-size"};

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

bool may_be_repeated(const CLI::Option& option) {
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

bool is_flag(const CLI::Option& option) { return option.get_items_expected_max() == 0; }

bool is_path(const CLI::Option& option) { return option.get_type_name() == "FILE" || option.get_type_name() == "DIR"; }

// The options that own arguments give, with their values; positional arguments are passed over.
std::vector<std::pair<std::string, std::string>> given_options(const CLI::App& command,
                                                               const std::vector<std::string>& own) {
  std::vector<std::pair<std::string, std::string>> given;
  for (size_t i = 1; i < own.size() && own[i] != "--"; ++i) {
    const size_t equals = own[i].find('=');
    const std::string name = own[i].substr(0, equals);
    const CLI::Option* option = command.get_option_no_throw(name);
    if (!name.starts_with("--") || !option) continue;
    const bool value_follows = equals == std::string::npos && !is_flag(*option) && i + 1 < own.size();
    given.emplace_back(name, value_follows ? own[++i] : equals == std::string::npos ? "" : own[i].substr(equals + 1));
  }
  return given;
}

// Lets the option, of an app of which nothing else is asked, take the value: CLI::ParseError if it does not.
void try_value(CLI::Option& option, const std::string& value) {
  if (is_flag(option) && value != "true" && value != "false")
    throw CLI::ValidationError(option.get_name(), "true or false was expected, not " + quote(value));
  if (is_path(option) && value.empty()) throw CLI::ValidationError(option.get_name(), "empty: a path was expected");
  option.clear();
  option.add_result(value);
  option.run_callback();
}

// What a message "OPTION: WHY" or "OPTION VALUE: WHY" says after the option; empty if it is about something else.
std::string complaint(const std::string& message, const std::string& option) {
  if (message.starts_with(option + ": ")) return message.substr(option.size());
  return message.starts_with(option + " ") ? message.substr(option.size()) : "";
}

bool is_excluded(const CLI::Option& option, const std::set<std::string>& by) {
  return std::ranges::any_of(option.get_excludes(), [&](const auto* other) { return by.contains(other->get_name()); });
}

// Of a rule that nothing matches.
std::string beginning_of_messages(const std::string& option, const std::string& value) {
  if (option == "--lr") return fmt::format("{} {}", option, value.substr(0, value.rfind('=') + 1));
  return fmt::format("\"{} {}\" ", option.substr(2), value);
}

}  // namespace

void add_config_option(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--config", [](const std::string&) {},
          "options from a file, KEY = VALUE a line, as each run writes its own to " + std::string(options_file_name) +
              ": they count as if they stood before those of the command line, which have the last word")
      ->type_name("FILE");
}

Config::Config(const MakeApp& make_app, const std::vector<std::string>& own) {
  const std::unique_ptr<CLI::App> app = make_app();
  for (CLI::App* command : app->get_subcommands({})) {
    if (command->get_name() != own[0] || !command->get_option_no_throw("--config")) continue;
    std::set<std::string> on_command_line;
    for (const auto& [name, value] : given_options(*command, own)) {
      on_command_line.insert(name);
      if (name == "--config") file_ = value;
    }
    if (!file_.empty()) read(*app, *command, on_command_line);
    for (const std::string& name : on_command_line) lines_.erase(name);
  }
}

void Config::read(CLI::App& app, CLI::App& command, const std::set<std::string>& on_command_line) {
  for (const FileOption& written : read_option_file(file_)) {
    const std::string place = fmt::format("{}:{}: {}", file_, written.line, quote_if_odd(written.key));
    const CLI::Option* known = find_option(command, written.key);
    if (!known && is_option_of_runs(app, written.key)) continue;  // a run's file, which tells its runs more
    if (!known) fail("{}: {}", place, why_unknown(app, command, written.key, ""));
    CLI::Option& option = *command.get_option(known->get_name());
    const std::string name = option.get_name();
    if (is_in(never_in_a_file, name)) fail("{}: an option of the command line alone", place);
    const auto [before, is_new] = lines_.emplace(name, written.line);
    if (!is_new && !may_be_repeated(option)) fail("{}: given before, in line {}", place, before->second);
    before->second = written.line;
    try {
      try_value(option, written.value);
    } catch (const CLI::ParseError& error) {
      const std::string why = complaint(error.what(), name);
      fail("{}{}", place, why.empty() ? fmt::format(": {}", error.what()) : why);
    }
    if (is_excluded(option, on_command_line)) {
      lines_.erase(name);
      continue;
    }
    if (may_be_repeated(option)) rules_.emplace_back(beginning_of_messages(name, written.value), written.line);
    arguments_.push_back(name);
    if (written.value.empty()) {
      arguments_.push_back(written.value);
    } else {
      arguments_.back() += "=" + written.value;
    }
  }
}

std::string Config::placed(const std::string& message) const {
  for (const auto& [beginning, line] : rules_)
    if (message.starts_with(beginning)) return fmt::format("{}:{}: {}", file_, line, message);
  return message;
}

void Config::take_blame(const std::string& message) const {
  for (const auto& [name, line] : lines_)
    if (const std::string why = complaint(message, name); !why.empty())
      fail("{}:{}: {}{}", file_, line, name.substr(2), why);
}

std::string options_text(const CLI::App& command, const std::vector<std::pair<std::string, std::string>>& repeated,
                         const std::string& device) {
  std::string text =
      "# The options of this run. Again, but for what the command line says otherwise:\n"
      "#   thaw finetune --config THIS_FILE --output-dir ANOTHER\n"
      "# Paths are as on the command line: from where thaw is started.\n";
  const auto add = [&](const std::string& name, const std::string& value) {
    text += option_line(name.substr(2), value) + "\n";
  };
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (is_in(not_written, name)) continue;
    if (may_be_repeated(*option)) {
      const bool is_told =
          std::ranges::find(repeated, name, [](const auto& one) { return one.first; }) != repeated.end();
      check(option->count() == 0 || is_told, "{} was given, but is not among the repeated options", name);
      continue;
    }
    if (option->count() > 0) {
      add(name, option->reduced_results().back());
    } else if (is_in(always_written, name)) {
      add(name, option->get_default_str());
    }
  }
  if (!device.empty()) add("--device", device);
  for (const auto& [name, value] : repeated) add(name, value);
  return text;
}

}  // namespace thaw
