// SPDX-License-Identifier: Apache-2.0
// Walks over the arguments before CLI11 does: it knows which are options, and which are options' values.
#include "examples/thaw/command_line.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "examples/standard_streams.h"
#include "examples/stop_signals.h"
#include "examples/thaw/config.h"
#include "examples/thaw/known_options.h"
#include "examples/thaw/option_words.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

[[noreturn]] void refuse(const std::string& line) { throw CLI::ParseError(line, CLI::ExitCodes::InvalidError); }

bool is_option(const std::string& argument) {
  return argument.size() > 1 && argument[0] == '-' && !std::isdigit(static_cast<unsigned char>(argument[1])) &&
         argument[1] != '.';
}

[[noreturn]] void refuse_option(const CLI::App& app, const CLI::App& command, const std::string& argument) {
  const std::string written = argument.substr(0, argument.find('='));
  const std::string name = written.substr(std::min(written.find_first_not_of('-'), written.size()));
  const std::string elsewhere = commands_with(app, name);
  if (&command == &app && !elsewhere.empty())
    refuse(fmt::format("{}: an option comes after the subcommand (here: {})", quote_if_odd(written), elsewhere));
  refuse(fmt::format("{}: {}", quote_if_odd(written), why_unknown(app, command, name, "--")));
}

const CLI::App& find_subcommand(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return *command;
    names.push_back(command->get_name());
  }
  std::string hint = near_text(name, names, "");
  if (hint.empty()) hint = fmt::format("; there are: {}", fmt::join(names, ", "));
  refuse(fmt::format("{}: not a subcommand{}", quote_if_odd(name), hint));
}

// What takes positional arguments; null if nothing does.
const CLI::Option* positional_of(const CLI::App& command) {
  const auto options = command.get_options();
  const auto found = std::ranges::find_if(options, [](const CLI::Option* option) { return option->get_positional(); });
  return found == options.end() ? nullptr : *found;
}

bool is_text(const CLI::Option& option) { return option.get_type_name() == "TEXT"; }

std::string as_one(const std::string& text) {
  return text.starts_with('[') && text.ends_with(']') ? text + no_list : text;
}

// "true" or "false" for it in letters of any size; empty if it is neither.
std::string truth_value(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text == "true" || text == "false" ? text : "";
}

[[noreturn]] void refuse_truth(const CLI::Option& flag, const std::string& value) {
  refuse(fmt::format("{}: true or false was expected, not {}", flag.get_name(), quote(value)));
}

// Of what begins behind "="; a flag's in small letters.
std::string checked_value(const CLI::Option& option, const std::string& value) {
  if (value.empty()) refuse(fmt::format("{}: a value is missing after =", option.get_name()));
  if (option.get_items_expected_max() > 0) return value;
  const std::string truth = truth_value(value);
  if (truth.empty()) refuse_truth(option, value);
  return truth;
}

// The names of files may be any bytes, texts may not.
void check_is_text(const CLI::Option& option, const std::string& value) {
  const size_t bad = utf8_error_offset(value);
  if (is_text(option) && bad < value.size())
    refuse(fmt::format("{}: byte {} of {} is not valid UTF-8", option.get_name(), bad + 1, quote(value)));
}

// Help for the subcommand, whatever else is wrong; empty if nobody asks. Behind -- it is a word like any other.
std::vector<std::string> help_request(const CLI::App& app, const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  const bool asked = std::any_of(arguments.begin(), end, [](const auto& a) { return a == "--help" || a == "-h"; });
  if (!asked) return {};
  for (const CLI::App* command : app.get_subcommands({}))
    if (arguments[0] == command->get_name()) return {command->get_name(), "--help"};
  return {"--help"};
}

// "--OPTION VALUE: ...": what only the model, or another option, could tell of a value is wrong usage all the same.
bool is_about_value(const std::string& message) {
  const size_t blank = message.find(' ');
  const size_t end = std::min(message.find(' ', blank + 1), message.size());
  return message.starts_with("--") && blank != std::string::npos && message[end - 1] == ':';
}

// What the subcommand throws names options, not the library's fields.
void parse_and_run(CLI::App& app, const Config& config, std::vector<std::string> arguments) {
  const auto own_words = [&](const std::exception& error) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    return config.placed(commands.empty() ? std::string(error.what()) : in_option_words(error.what(), *commands[0]));
  };
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Error&) {
    throw;
  } catch (const std::filesystem::filesystem_error&) {
    throw;
  } catch (const std::invalid_argument& error) {
    const std::string message = own_words(error);
    if (is_about_value(message)) throw CLI::ValidationError(message);
    throw std::invalid_argument(message);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(own_words(error));
  }
}

}  // namespace

std::vector<std::string> in_own_names(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (auto help = help_request(app, arguments); !help.empty()) return help;
  const CLI::App* command = &app;
  std::vector<std::string> own, texts;  // texts stand last, behind --: CLI11 takes none there if one stood before
  bool has_config = false;
  const auto place_of = [&](const CLI::Option* words) -> std::vector<std::string>& {
    return words && is_text(*words) ? texts : own;
  };
  const CLI::Option* flag_before = nullptr;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      auto& behind = place_of(positional_of(*command));
      if (&behind == &own) own.push_back(argument);
      behind.insert(behind.end(), arguments.begin() + static_cast<ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    const CLI::Option* flag_without_value = std::exchange(flag_before, nullptr);
    if (!is_option(argument)) {
      const CLI::Option* words = positional_of(*command);
      auto& place = place_of(words);
      if (command == &app) {
        command = &find_subcommand(app, argument);
      } else if (!words && flag_without_value) {
        refuse_truth(*flag_without_value, argument);
      } else if (!words) {
        refuse(fmt::format("{}: not expected here: it belongs to no option (patterns need quotes)", quote(argument)));
      } else if (argument.empty() && &place == &own) {
        refuse("\"\": empty: the name of a file or directory was expected");
      }
      place.push_back(argument);
      continue;
    }
    const size_t equals = argument.find('=');
    const CLI::Option* option =
        argument.starts_with("--") ? find_taken(app, *command, argument.substr(2, equals - 2)) : nullptr;
    if (!option) refuse_option(app, *command, argument);
    own.push_back(option->get_name());
    if (own.back() == "--config" && std::exchange(has_config, true)) refuse("--config: given twice: one file is read");
    const bool flag = option->get_items_expected_max() == 0;
    const bool more = i + 1 < arguments.size();
    if (equals != std::string::npos) {
      const std::string value = checked_value(*option, argument.substr(equals + 1));
      check_is_text(*option, value);
      own.back() += "=" + value;
    } else if (flag) {
      const std::string truth = more && !positional_of(*command) ? truth_value(arguments[i + 1]) : "";
      if (truth.empty()) {
        flag_before = option;
        continue;
      }
      own.back() += "=" + truth;
      ++i;
    } else {
      const bool other =
          more && arguments[i + 1].starts_with("--") && find_taken(app, *command, arguments[i + 1].substr(2));
      if (!more) refuse(fmt::format("{}: a value is missing", option->get_name()));
      if (other) refuse(fmt::format("{}: a value is missing before {}", option->get_name(), arguments[i + 1]));
      own.push_back(arguments[++i]);
      check_is_text(*option, own.back());
      const std::string type = option->get_type_name();
      if (own.back().empty() && (type == "FILE" || type == "DIR"))
        refuse(fmt::format("{}: empty: the name of a {} was expected", option->get_name(),
                           type == "DIR" ? "directory" : "file"));
    }
  }
  if (!texts.empty()) own.emplace_back("--");
  std::ranges::transform(texts, std::back_inserter(own), as_one);
  return own;
}

int run_command_line(const MakeApp& make_app, const std::vector<std::string>& arguments) {
  const std::unique_ptr<CLI::App> app = make_app();
  std::unique_ptr<Config> config;
  try {
    if (arguments.empty()) refuse("a subcommand is expected; `thaw --help` lists them");
    std::vector<std::string> own = in_own_names(*app, arguments);
    config = std::make_unique<Config>(make_app, own);
    own.insert(own.begin() + 1, config->arguments().begin(), config->arguments().end());
    std::ranges::reverse(own);
    parse_and_run(*app, *config, std::move(own));
  } catch (const CLI::Success& request) {  // help, version
    std::ostringstream text;
    app->exit(request, text, text);
    fmt::print("{}", text.str());
  } catch (const CLI::ParseError& error) {
    if (config) config->take_blame(error.what());
    fmt::print(stderr, "thaw: {}\n", error_line(error.what()));
    return 2;
  } catch (const StoppedBySignal& stop) {
    return stop.exit_status();
  }
  return 0;
}

}  // namespace thaw
