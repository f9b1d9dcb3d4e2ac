// SPDX-License-Identifier: Apache-2.0
// Options by the names that people write, on a command line or in a file, and what to say of a name that is none.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace thaw {

// The command's option of that name, without "--": its own, with underscores for dashes, or the Trainer's
// (trainer_names.h); null if there is none.
const CLI::Option* find_option(const CLI::App& command, const std::string& name);

// The option of that name that a subcommand takes: its own, or one that it hands on to the runs that it starts (compare
// to those of finetune).
const CLI::Option* find_taken(const CLI::App& app, const CLI::App& command, const std::string& name);

// Is that an option of the subcommand whose runs write files of options? By find_option().
bool is_option_of_runs(const CLI::App& app, const std::string& name);

// At most three of the names, those that may be meant, each after `mark`: "; near: --max-steps, --save-steps"; empty if
// none is near.
std::string near_text(const std::string& name, const std::vector<std::string>& names, const std::string& mark);

// Why the command does not take an option of that name, without "--": what to do instead of one of the Trainer's, or
// near names, each after `mark`, or the commands that have it.
std::string why_unknown(const CLI::App& app, const CLI::App& command, const std::string& name, const std::string& mark);

// "finetune, plan": the subcommands that have an option of that name; empty if none has.
std::string commands_with(const CLI::App& app, const std::string& name);

}  // namespace thaw
