// SPDX-License-Identifier: Apache-2.0
// Answers by counting common words.
#include "examples/data/overlap_answer.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

#include "examples/data/tfidf.h"

namespace thaw {
namespace {

// The pieces between blanks.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (size_t at = text.find_first_not_of(' '); at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    pieces.push_back(text.substr(at, end - at));
    at = std::min(text.find_first_not_of(' ', end), text.size());
  }
  return pieces;
}

using Pieces = std::vector<std::string_view>;

std::vector<Pieces> sentences_of(std::string_view text) {
  std::vector<Pieces> sentences(1);
  for (const auto piece : pieces_of(text)) {
    sentences.back().push_back(piece);
    if (piece.ends_with('.') || piece.ends_with('!') || piece.ends_with('?')) sentences.emplace_back();
  }
  return sentences;
}

std::string_view without_marks(std::string_view text) {
  const auto begin = text.find_first_not_of("\"'(,;:");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of("\"'),;:.!?") + 1 - begin);
}

}  // namespace

std::string overlap_answer(std::string_view context, std::string_view question) {
  const auto asked_words = words_of(question);
  const std::set<std::string> asked(asked_words.begin(), asked_words.end());
  Pieces best;
  size_t most = 0;
  for (const auto& sentence : sentences_of(context)) {
    std::set<std::string> common;
    for (const auto piece : sentence) {
      for (const auto& word : words_of(piece)) {
        if (asked.contains(word)) common.insert(word);
      }
    }
    if (best.empty() || common.size() > most) {
      best = sentence;
      most = common.size();
    }
  }

  const auto is_asked = [&](std::string_view piece) {
    const auto words = words_of(piece);
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return asked.contains(word); });
  };
  size_t begin = 0, length = 0, run = 0;
  for (size_t i = 0; i < best.size(); ++i) {
    run = is_asked(best[i]) ? 0 : run + 1;
    if (run < length || run == 0) continue;
    length = run;
    begin = i + 1 - run;
  }
  if (length == 0) return "";
  const auto& last = best[begin + length - 1];
  const auto size = static_cast<size_t>(last.data() + last.size() - best[begin].data());
  return std::string(without_marks({best[begin].data(), size}));
}

}  // namespace thaw
