// SPDX-License-Identifier: Apache-2.0
// The library's messages name fields; a program's user knows options.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// "--max-grad-norm -1: it must be ..." for "max_grad_norm -1: it must be ...": each word that is the name of an option
// of the command, but for its underscores, as the option. Words without an underscore, and those in quotes, in
// brackets (names of strangers stand there: "it has: batch_size, text"), in paths or that are followed by anything but
// a blank, a colon, a comma or the end stay as they are, as does a key behind the name of its file: "config.json:
// max_length: ...".
std::string in_option_words(std::string_view message, const CLI::App& command);

}  // namespace thaw
