// SPDX-License-Identifier: Apache-2.0
// Counts words.
#include "models/text/train/word_counts.h"

#include <algorithm>

#include "tensor/utf8.h"

namespace thaw {

void WordCounts::add(std::string_view text) {
  check_utf8(text, "text to train on");
  normalizer_.normalize(text, 0, normalized_);
  const NormalizedText& cut = pre_tokenizer_.split(normalized_, 0, normalized_.text.size(), words_, rewritten_);
  total_ += words_.size();
  for (const Word& word : words_) {
    const std::string_view content = std::string_view(cut.text).substr(word.begin, word.end - word.begin);
    const auto known = counts_.find(content);
    if (known == counts_.end()) {
      counts_.emplace(content, 1);
    } else {
      ++known->second;
    }
  }
}

std::vector<std::pair<std::string, uint64_t>> WordCounts::sorted() const {
  std::vector<std::pair<std::string, uint64_t>> all(counts_.begin(), counts_.end());
  std::ranges::sort(all);
  return all;
}

}  // namespace thaw
