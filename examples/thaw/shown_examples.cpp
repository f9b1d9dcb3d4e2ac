// SPDX-License-Identifier: Apache-2.0
// Wraps, marks and quotes.
#include "examples/thaw/shown_examples.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "tensor/counted.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

constexpr std::string_view indent = "  ", arrow = "->", color_on = "\x1b[1;36m", color_off = "\x1b[0m";

// A sign alone stays as it is: it is no quotation.
std::string readable(const std::string& token) {
  if (token.size() == 1 && token[0] > ' ' && token[0] <= '~') return token;
  const bool is_like_a_mark = token.starts_with('*') || token.find(arrow) != std::string::npos;
  const bool has_blank = token.find(' ') != std::string::npos;
  return is_like_a_mark || has_blank ? quote(token) : quote_if_odd(token);
}

}  // namespace

ShownLook ShownLook::of_standard_output() {
  ShownLook look;
  if (isatty(STDOUT_FILENO) != 1) return look;
  const char* no_color = std::getenv("NO_COLOR");
  look.color = !(no_color && *no_color);
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) look.width = window.ws_col;
  return look;
}

std::string shown_text(const ShownExample& example, const ShownLook& look) {
  const bool is_no_text = example.tokens.empty() && !example.text.empty();
  std::string text =
      fmt::format("{}: {}", example.where, is_no_text ? example.text : counted(std::ssize(example.tokens), "token"));
  if (!example.truth.empty()) text += ", label " + quote_if_odd(example.truth);
  text += '\n';
  std::string line;
  size_t used = 0;
  for (const ShownExample::Token& token : example.tokens) {
    std::string word = readable(token.text);
    if (token.has_loss && !look.color) word.insert(0, 1, '*');
    if (!token.label.empty()) word += std::string(arrow) + readable(token.label);
    const size_t length = count_code_points(word);
    if (!line.empty() && used + 1 + length > look.width) {
      text += line + '\n';
      line.clear();
    }
    used = line.empty() ? indent.size() + length : used + 1 + length;
    line += line.empty() ? indent : " ";
    line += token.has_loss && look.color ? fmt::format("{}{}{}", color_on, word, color_off) : word;
  }
  if (!line.empty()) text += line + '\n';
  if (example.cut > 0) text += fmt::format("{}and {} that did not fit\n", indent, counted(example.cut, "token"));
  return text;
}

std::string marks_text(const ShownLook& look) {
  return fmt::format("{}: the loss is about this token; {}X: it should be X\n", look.color ? "in colour" : "*", arrow);
}

}  // namespace thaw
