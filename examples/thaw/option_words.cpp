// SPDX-License-Identifier: Apache-2.0
// Word by word.
#include "examples/thaw/option_words.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <utility>

#include "examples/thaw/table_options.h"

namespace thaw {
namespace {

// Is a place of a message within quotes or brackets, where names of strangers stand?
class Nesting {
 public:
  bool is_within() const { return quoted_ || depth_ > 0; }
  void pass(std::string_view text) {
    for (const char c : text) {
      const bool escaped = std::exchange(escaped_, quoted_ && !escaped_ && c == '\\');
      if (escaped) continue;
      if (c == '"') quoted_ = !quoted_;
      if (quoted_) continue;
      if (c == '(' || c == '[') ++depth_;
      if (depth_ > 0 && (c == ')' || c == ']')) --depth_;  // [0, 1) is one pair, too
    }
  }

 private:
  bool quoted_ = false, escaped_ = false;
  int depth_ = 0;
};

}  // namespace

std::string in_option_words(std::string_view message, const CLI::App& command) {
  std::string text;
  Nesting nesting;
  bool is_key = false;
  for (size_t begin = 0; begin < message.size();) {
    const size_t end = std::min(message.find(' ', begin), message.size());
    const std::string_view word = message.substr(begin, end - begin);
    const std::string_view name = word.substr(0, word.find_last_not_of(":,;") + 1);
    const std::string option = option_name(name);
    const bool is_field = !is_key && !nesting.is_within() && name.find('_') != std::string_view::npos &&
                          name.find('-') == std::string_view::npos && command.get_option_no_throw(option) != nullptr;
    nesting.pass(word);
    text += is_field ? option : std::string(name);
    text += word.substr(name.size());
    if (end < message.size()) text += ' ';
    is_key = word.ends_with(".json:");
    begin = end + 1;
  }
  return text;
}

}  // namespace thaw
