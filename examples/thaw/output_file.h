// SPDX-License-Identifier: Apache-2.0
// Files that a command will write at its end, after much work: what is known to fail, or to harm, is refused before.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace thaw {

// After the command line is read, of the options that name files to be written: std::runtime_error, naming the option,
// where one is a directory, a device or a pipe, is to lie in what is no directory, is the file of another option or of
// the standard input that the command reads, by whatever spelling or link, or belongs to the model of --model.
void check_output_files(const CLI::App& command, const std::vector<std::string>& options);

}  // namespace thaw
