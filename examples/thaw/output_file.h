// SPDX-License-Identifier: Apache-2.0
// Files that a command will write at its end, after much work: what is known to fail, or to harm, is refused before.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace thaw {

struct OutputOption {
  std::string name;
  std::string ending = {};  // of files of this kind; empty: of any
};

// After the command line is read, of the options that name files to be written: std::runtime_error, naming the option,
// where one is a directory, a device or a pipe, is to lie in what is no directory, is the file of another option or of
// the standard input that the command reads, by whatever spelling or link, belongs to the model of --model, or is there
// and by its name of another kind.
void check_output_files(const CLI::App& command, const std::vector<OutputOption>& options);

}  // namespace thaw
