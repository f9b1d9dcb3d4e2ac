// SPDX-License-Identifier: Apache-2.0
// Unigram: of all the ways to cut a text into pieces of a vocabulary, the one whose scores have the greatest sum (Kudo
// 2018, arXiv:1804.10959).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/sentencepiece_file.h"
#include "models/text/token_model.h"
#include "models/text/trie.h"

namespace thaw {

// A piece and its score, as tokenizer.json lists them; the id is the place in the list.
struct ScoredPiece {
  std::string text;
  double score = 0;
};

class UnigramModel {
 public:
  // As sentencepiece cuts: normal, user-defined and unused pieces are looked for, of which the second kind always win
  // and the last are never taken; sums are kept in f32. With byte_fallback every byte of an unknown character is a
  // piece, of which the last one stands for the character; else unknown characters that touch are one piece.
  explicit UnigramModel(const SentencePieceFile& file);

  // As the tokenizers library cuts: all pieces are looked for, sums are f64. Unknown characters that touch are one
  // piece or, with byte_fallback, those of its bytes if each has one, every one of which stands for the whole.
  // std::invalid_argument if a piece is there twice or empty, or `unknown` is not among them. Without `unknown`,
  // split() throws std::runtime_error for a text that has a character of no piece.
  UnigramModel(const std::vector<ScoredPiece>& pieces, std::optional<int32_t> unknown, bool byte_fallback);

  // Appends the pieces of a text. A byte's piece that stands for a part of an unknown character may be empty. Of cuts
  // whose sums are equal the one that is found first is taken: at each place where a piece may end, the one that begins
  // first. Linear in the text's length.
  void split(std::string_view text, std::vector<TokenPiece>& pieces) const;

 private:
  enum class Sums { f32, f64 };

  template <typename Sum>
  void find_best(std::string_view text, std::vector<TokenPiece>& pieces) const;
  void put_unknown(std::string_view text, uint32_t begin, uint32_t end, std::vector<TokenPiece>& pieces) const;

  struct Entry {
    double score;
    int32_t id;
  };

  Sums sums_ = Sums::f32;
  Trie trie_;
  std::vector<Entry> entries_;  // of the trie's keys
  double unknown_score_ = 0;
  std::optional<int32_t> unknown_;
  bool has_bytes_ = false;
  std::array<int32_t, 256> byte_ids_ = {};
};

}  // namespace thaw
