// SPDX-License-Identifier: Apache-2.0
// --config FILE: a run's options as a file, which is written into its directory. They count as if they stood on the
// command line in front of what stands there; those that exclude one of the command line's do not count.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "examples/thaw/command_line.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// Its name in a run's directory.
constexpr const char* options_file_name = "options.txt";

void add_config_option(CLI::App& command);

class Config {
 public:
  // Reads the file of --config, if it is among the arguments, which are in their own names (in_own_names()).
  // std::runtime_error "FILE:LINE: KEY: what is wrong": a key that the subcommand has not (naming near ones), or that
  // came before, unless it may be repeated; a value that its option does not take.
  Config(const MakeApp& make_app, const std::vector<std::string>& own);

  // The file's options, as arguments in their own names.
  const std::vector<std::string>& arguments() const { return arguments_; }

  // "FILE:LINE: ..." where a message is about a rule of the file, else the message.
  std::string placed(const std::string& message) const;

  // Throws std::runtime_error "FILE:LINE: ..." if a message on wrong usage, "--KEY: what is wrong", is about an option
  // that the file alone gave.
  void take_blame(const std::string& message) const;

 private:
  void read(CLI::App& app, CLI::App& command, const std::set<std::string>& on_command_line);

  std::string file_;
  std::vector<std::string> arguments_;
  std::map<std::string, int64_t> lines_;                // of the options that the command line does not give, too
  std::vector<std::pair<std::string, int64_t>> rules_;  // how messages about them begin, and their lines
};

// The options that the command was given, as such a file, and the seed, the optimizer, the rate and the batch size
// whether they were given or not. repeated: the options that may be repeated, in their order, as names and values.
// device: where the run computes. Left out are --output-dir, --config and those that say how to begin.
// std::invalid_argument: one was given, and is not among `repeated`.
std::string options_text(const CLI::App& command, const std::vector<std::pair<std::string, std::string>>& repeated,
                         const std::string& device);

}  // namespace thaw
