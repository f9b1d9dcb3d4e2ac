// SPDX-License-Identifier: Apache-2.0
// A file that a command will write at its end, after much work: what is known to fail is refused before.
#pragma once

#include <string>

namespace thaw {

// std::runtime_error, naming the option: the file is a directory, or is to lie in what is none. An empty name is no
// file.
void check_output_file(const std::string& option, const std::string& file);

}  // namespace thaw
