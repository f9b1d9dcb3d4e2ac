// SPDX-License-Identifier: Apache-2.0
// Unigram as the model of a tokenizer.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/token_model.h"
#include "models/text/unigram_model.h"
#include "models/text/vocabulary.h"
#include "tensor/io/json.h"

namespace thaw {

class UnigramTokens : public TokenModel {
 public:
  // As UnigramModel's second constructor.
  UnigramTokens(std::vector<ScoredPiece> pieces, std::optional<int32_t> unknown, bool byte_fallback);

  // std::runtime_error for a character of no piece if there is no unknown one.
  void split(std::string_view word, std::vector<TokenPiece>& pieces) const override { model_.split(word, pieces); }
  std::optional<std::string> unknown() const override;
  bool unknown_is_text() const override { return true; }
  Json json(const Vocabulary& vocabulary) const override;

 private:
  std::vector<ScoredPiece> pieces_;
  std::optional<int32_t> unknown_;
  bool byte_fallback_;
  UnigramModel model_;
};

// The model with the vocabulary of its pieces. std::runtime_error "WHERE[ID]: ..." if a piece is empty, overlong or
// there twice.
ModelDescription describe_unigram(std::vector<ScoredPiece> pieces, std::optional<int32_t> unknown, bool byte_fallback,
                                  const std::string& where);

// The section `model` of a tokenizer.json.
ModelDescription read_unigram(const Json& model);

}  // namespace thaw
