// SPDX-License-Identifier: Apache-2.0
// Makes the vocabulary of a BPE or WordPiece tokenizer from counted words: of all pairs of neighbours the most frequent
// one becomes a token, again and again (Sennrich et al. 2016, arXiv:1508.07909), merge by merge as the tokenizers
// library does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/text/bpe_model.h"
#include "models/text/vocabulary.h"

namespace thaw {

struct BpeTraining {
  size_t vocabulary_size = 30000;           // merging ends there
  uint64_t least_frequency = 0;             // or when no pair is there as often as this
  std::vector<std::string> special_tokens;  // have the first ids
  std::vector<std::string> alphabet;        // characters that are tokens whether the words have them or not
  std::optional<size_t> alphabet_limit;     // only the most frequent characters are tokens, those of `alphabet` first
  std::string prefix;                       // of characters inside a word: "##" for WordPiece
  std::string suffix;                       // of the last character of a word: "</w>"
};

// What training made. WordPiece needs the vocabulary alone.
struct TrainedBpe {
  Vocabulary vocabulary;  // special tokens, characters in the order of their code points, those with prefix or suffix
                          // in that of the words, what merges made
  std::vector<BpeMerge> merges;
};

// Of pairs that are there equally often the one with the smaller ids is merged. The reference gives the tokens of
// characters with prefix or suffix ids at random, here they depend on the words alone.
TrainedBpe train_bpe(const std::vector<std::pair<std::string, uint64_t>>& words, const BpeTraining& training);

}  // namespace thaw
