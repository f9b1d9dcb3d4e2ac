// SPDX-License-Identifier: Apache-2.0
// WordPiece: a word becomes the longest pieces of a vocabulary, from left to right (Wu et al. 2016, arXiv:1609.08144,
// as in BERT).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/trie.h"
#include "models/text/vocabulary.h"

namespace thaw {

struct WordPieceOptions {
  std::string unknown = "[UNK]";
  std::string prefix = "##";    // marks the pieces that go on inside a word
  size_t max_characters = 100;  // a longer word is unknown
};

// A piece of a word: bytes [begin, end) of it.
struct WordPiece {
  int32_t id;
  uint32_t begin, end;
};

class WordPieceModel {
 public:
  // std::invalid_argument if the unknown token is missing.
  WordPieceModel(const Vocabulary& vocabulary, const WordPieceOptions& options);

  // Appends the pieces of one word; the whole word as the unknown token if no pieces make it up.
  void split(std::string_view word, std::vector<WordPiece>& pieces) const;

 private:
  WordPieceOptions options_;
  std::vector<int32_t> ids_;  // of the trie's keys
  Trie trie_;
  uint32_t inside_ = Trie::none;  // node of the prefix: where the pieces inside a word begin
  int32_t unknown_id_;
};

}  // namespace thaw
