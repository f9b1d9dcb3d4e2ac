// SPDX-License-Identifier: Apache-2.0
// WordPiece tokenizers: normalizer, words, WordPiece, and the decoder that joins pieces again.
#pragma once

#include <optional>

#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/tokenizer.h"
#include "models/text/wordpiece_model.h"

namespace thaw {

struct WordPieceDecoder {
  std::string prefix = "##";
  bool cleanup = true;  // no space before . ? ! , and in English contractions

  std::string join(const std::vector<std::string_view>& tokens) const;
};

class WordPieceTokenizer : public Tokenizer {
 public:
  // The ids of `model` are those of parts.tokens. No decoder: tokens are joined with spaces.
  WordPieceTokenizer(TokenizerParts parts, Normalizer normalizer, PreTokenizer pre_tokenizer, WordPieceModel model,
                     std::optional<WordPieceDecoder> decoder);

 protected:
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const override;
  void tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens, Encoding& out) const override;
  std::string join(const std::vector<std::string_view>& tokens) const override;

 private:
  Normalizer normalizer_;
  PreTokenizer pre_tokenizer_;
  WordPieceModel model_;
  std::optional<WordPieceDecoder> decoder_;
};

}  // namespace thaw
