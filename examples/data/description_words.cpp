// SPDX-License-Identifier: Apache-2.0
// Cuts descriptions into words.
#include "examples/data/description_words.h"

#include <algorithm>

namespace thaw {
namespace {

constexpr std::string_view blanks = " \t\n";
constexpr std::string_view marks_before = "([{<\"'`*";
constexpr std::string_view marks_behind = ".,;:!?)]}>\"'`*";

// Whether a word ends in a bracket that was opened in it: such a bracket belongs to it.
bool closes_its_own(std::string_view word) {
  constexpr std::string_view closing = ")]}>", opening = "([{<";
  const auto kind = closing.find(word.back());
  return kind != std::string_view::npos && word.find(opening[kind]) != std::string_view::npos;
}

void add_word(std::vector<std::string>& words, std::string_view word) {
  while (!word.empty() && marks_before.find(word.front()) != std::string_view::npos) {
    words.emplace_back(1, word.front());
    word.remove_prefix(1);
  }
  size_t end = word.size();
  while (end > 0 && marks_behind.find(word[end - 1]) != std::string_view::npos && !closes_its_own(word.substr(0, end)))
    --end;
  const auto marks = word.substr(end);
  word = word.substr(0, end);
  if (word.size() > 2 && word.ends_with("'s")) {
    words.emplace_back(word.substr(0, word.size() - 2));
    words.emplace_back("'s");
  } else if (!word.empty()) {
    words.emplace_back(word);
  }
  for (const char mark : marks) words.emplace_back(1, mark);
}

}  // namespace

std::string in_small_letters(std::string word) {
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

std::string first_words(std::string text, int count) {
  constexpr std::string_view no_break_space = "\u00A0";
  for (auto at = text.find(no_break_space); at != std::string::npos; at = text.find(no_break_space, at)) {
    text.replace(at, no_break_space.size(), 1, ' ');
  }
  std::string words;
  size_t at = 0;
  for (int i = 0; i < count; ++i) {
    at = text.find_first_not_of(blanks, at);
    if (at == std::string_view::npos) break;
    const auto end = std::min(text.find_first_of(blanks, at), text.size());
    if (i > 0) words += ' ';
    words.append(text, at, end - at);
    at = end;
  }
  return words;
}

std::vector<std::string> words_and_marks(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(blanks), text.size());
    add_word(words, text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace thaw
