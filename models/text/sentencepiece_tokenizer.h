// SPDX-License-Identifier: Apache-2.0
// A spiece.model as sentencepiece itself encodes and decodes with it: no added tokens, no special tokens in the text,
// nothing around it.
#pragma once

#include <optional>

#include "models/text/sentencepiece_file.h"
#include "models/text/sentencepiece_normalizer.h"
#include "models/text/tokenizer.h"
#include "models/text/unigram_model.h"

namespace thaw {

class SentencePieceTokenizer : public Tokenizer {
 public:
  // `content` is that of the spiece.model at `path`; `files` has it too. std::runtime_error as parse_sentencepiece()
  // and CharacterMap say.
  SentencePieceTokenizer(std::string_view content, const std::string& path, std::vector<ProcessorFile> files);

 protected:
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const override;
  void tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens, Encoding& out) const override;
  std::string join(const std::vector<std::string_view>& tokens) const override;

 private:
  SentencePieceTokenizer(const SentencePieceFile& file, const std::string& path, std::vector<ProcessorFile> files);

  std::vector<SentencePiece::Type> types_;  // by id
  SentencePieceNormalizer normalizer_;
  std::optional<SentencePieceNormalizer> denormalizer_;
  UnigramModel model_;
  std::string unknown_surface_;
  bool drops_first_blank_, drops_blanks_;
};

}  // namespace thaw
