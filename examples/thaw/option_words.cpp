// SPDX-License-Identifier: Apache-2.0
// Word by word.
#include "examples/thaw/option_words.h"

#include <CLI/App.hpp>
#include <algorithm>

#include "examples/thaw/table_options.h"

namespace thaw {

std::string in_option_words(std::string_view message, const CLI::App& command) {
  std::string text;
  bool is_key = false;
  for (size_t begin = 0; begin < message.size();) {
    const size_t end = std::min(message.find(' ', begin), message.size());
    const std::string_view word = message.substr(begin, end - begin);
    const std::string_view name = word.substr(0, word.find_last_not_of(":,") + 1);
    const std::string option = option_name(name);
    const bool is_field = !is_key && name.find('_') != std::string_view::npos &&
                          name.find('-') == std::string_view::npos && command.get_option_no_throw(option) != nullptr;
    text += is_field ? option : std::string(name);
    text += word.substr(name.size());
    if (end < message.size()) text += ' ';
    is_key = word.ends_with(".json:");
    begin = end + 1;
  }
  return text;
}

}  // namespace thaw
