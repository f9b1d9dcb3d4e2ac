// SPDX-License-Identifier: Apache-2.0
// WordPiece: a word becomes the longest pieces of a vocabulary, from left to right (Wu et al. 2016, arXiv:1609.08144,
// as in BERT).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/token_model.h"
#include "models/text/trie.h"
#include "models/text/vocabulary.h"
#include "tensor/io/json.h"

namespace thaw {

struct WordPieceOptions {
  std::string unknown = "[UNK]";
  std::string prefix = "##";    // marks the pieces that go on inside a word
  size_t max_characters = 100;  // a longer word is unknown
};

class WordPieceModel : public TokenModel {
 public:
  // std::invalid_argument if the unknown token is missing.
  WordPieceModel(const Vocabulary& vocabulary, const WordPieceOptions& options);

  // The whole word becomes the unknown token if no pieces make it up.
  void split(std::string_view word, std::vector<TokenPiece>& pieces) const override;
  std::optional<std::string> unknown() const override { return options_.unknown; }
  std::string_view inside_prefix() const override { return options_.prefix; }
  Json json(const Vocabulary& vocabulary) const override;
  // vocab.txt, unless a token cannot stand on a line of its own or an id has no token.
  std::optional<File> vocabulary_file(const Vocabulary& vocabulary) const override;

 private:
  WordPieceOptions options_;
  std::vector<int32_t> ids_;  // of the trie's keys
  Trie trie_;
  uint32_t inside_ = Trie::none;  // node of the prefix: where the pieces inside a word begin
  int32_t unknown_id_;
};

// The section `model` of a tokenizer.json.
ModelDescription read_wordpiece(const Json& model);

}  // namespace thaw
