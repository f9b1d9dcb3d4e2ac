// SPDX-License-Identifier: Apache-2.0
// The command line as people write it: underscores, the Trainer's names, `--flag True`, and slips that need a hint.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// Stands behind a positional text in brackets, which CLI11 would else take for a list. No argument has such a
// character.
constexpr char no_list = '\0';

// The program's options, anew: nothing is parsed yet.
using MakeApp = std::function<std::unique_ptr<CLI::App>()>;

// Parses the arguments (without the program's name) behind the options of --config (config.h) and runs the subcommand.
// Wrong usage is one line on the standard error and status 2; a subcommand that a signal ended early gives 128 + the
// signal's number (StoppedBySignal); what else it throws passes through.
int run_command_line(const MakeApp& make_app, const std::vector<std::string>& arguments);

// The arguments with each option under its own name: "--learning_rate=1" as "--learning-rate=1", "--max_seq_length 8"
// as "--max-length 8", "--resume True" as "--resume=True"; a request for help with the subcommand alone. Texts that
// belong to no option come last, behind "--". Throws CLI::ParseError where an option or a subcommand is not known
// (naming near ones), a value is missing, or --config comes twice.
std::vector<std::string> in_own_names(const CLI::App& app, const std::vector<std::string>& arguments);

}  // namespace thaw
