// SPDX-License-Identifier: Apache-2.0
// Keeps what it saw, as long as it is little.
#include "models/tasks/text2text/label_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr size_t most_words = 100, times = 10;

}  // namespace

void LabelWordSearch::add(const std::string& target) {
  ++targets_;
  if (words_.size() > most_words || std::ranges::find(words_, target) != words_.end()) return;
  words_.push_back(target);
}

std::vector<std::string> LabelWordSearch::words() const {
  const bool are_labels = words_.size() >= 2 && words_.size() <= most_words && targets_ >= times * words_.size();
  const bool fit_a_line =
      std::ranges::all_of(words_, [](const std::string& word) { return word.find('\n') == std::string::npos; });
  return are_labels && fit_a_line ? words_ : std::vector<std::string>();
}

std::string label_words_fault(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.empty()) return "an empty one";
    if (std::ranges::count(words, word) > 1) return quote(word) + " twice";
  }
  return {};
}

std::string label_word_lines(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, "\n"));
}

std::vector<std::string> label_words_of(const std::string& lines) {
  std::vector<std::string> words;
  std::istringstream in(lines);
  for (std::string word; std::getline(in, word);)
    if (!word.empty()) words.push_back(word);
  return words;
}

}  // namespace thaw
