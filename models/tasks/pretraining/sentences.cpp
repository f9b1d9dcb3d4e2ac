// SPDX-License-Identifier: Apache-2.0
// Finds ends of sentences.
#include "models/tasks/pretraining/sentences.h"

#include <algorithm>

namespace thaw {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?'; }
bool closes(char c) { return c == '"' || c == '\'' || c == ')' || c == ']'; }
bool goes_on_in_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Is there the end of a sentence right before byte `at`, a blank?
bool is_end(std::string_view text, size_t at) {
  if (text[at] == '\n') return true;
  size_t last = at;
  while (last > 0 && closes(text[last - 1])) --last;
  if (last == 0 || !ends_sentence(text[last - 1])) return false;
  const auto next = std::find_if_not(text.begin() + static_cast<ptrdiff_t>(at), text.end(), is_blank);
  return next != text.end() && !(*next >= 'a' && *next <= 'z');
}

}  // namespace

std::vector<size_t> sentence_ends(std::string_view text) {
  std::vector<size_t> ends;
  size_t number = 0;  // of the code point
  for (size_t at = 0; at < text.size(); ++at) {
    if (goes_on_in_code_point(text[at])) continue;
    if (number > 0 && is_blank(text[at]) && is_end(text, at)) ends.push_back(number);
    ++number;
  }
  return ends;
}

}  // namespace thaw
