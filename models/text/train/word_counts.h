// SPDX-License-Identifier: Apache-2.0
// How often each word occurs in texts: all that a trainer of BPE or WordPiece needs of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/text/normalized_text.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"

namespace thaw {

class WordCounts {
 public:
  // Texts are normalized and cut into words as a tokenizer with these would.
  WordCounts(Normalizer normalizer, PreTokenizer pre_tokenizer)
      : normalizer_(std::move(normalizer)), pre_tokenizer_(std::move(pre_tokenizer)) {}

  // std::invalid_argument if the text is not valid UTF-8.
  void add(std::string_view text);

  // Words with their counts, in the order of their bytes.
  std::vector<std::pair<std::string, uint64_t>> sorted() const;
  uint64_t total() const { return total_; }
  uint64_t distinct() const { return counts_.size(); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  Normalizer normalizer_;
  PreTokenizer pre_tokenizer_;
  std::unordered_map<std::string, uint64_t, Hash, std::equal_to<>> counts_;
  uint64_t total_ = 0;
  NormalizedText normalized_, rewritten_;
  std::vector<Word> words_;
};

}  // namespace thaw
