// SPDX-License-Identifier: Apache-2.0
// SQuAD's scores.
#include "examples/data/answer_scores.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "examples/data/description_words.h"

namespace thaw {

std::vector<std::string> answer_words(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) {
    constexpr std::string_view punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    return punctuation.find(c) == std::string_view::npos;
  });
  std::vector<std::string> words;
  for (auto& word : words_and_marks(in_small_letters(kept))) {
    if (word != "a" && word != "an" && word != "the") words.push_back(std::move(word));
  }
  return words;
}

double exact_match(std::string_view given, std::string_view wanted) {
  return answer_words(given) == answer_words(wanted) ? 1 : 0;
}

double answer_f1(std::string_view given, std::string_view wanted) {
  auto ours = answer_words(given), theirs = answer_words(wanted);
  if (ours.empty() || theirs.empty()) return ours == theirs ? 1 : 0;
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  std::vector<std::string> common;
  std::set_intersection(ours.begin(), ours.end(), theirs.begin(), theirs.end(), std::back_inserter(common));
  return 2 * static_cast<double>(common.size()) / static_cast<double>(ours.size() + theirs.size());
}

}  // namespace thaw
