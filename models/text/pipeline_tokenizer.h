// SPDX-License-Identifier: Apache-2.0
// Tokenizers as tokenizer.json describes them, whatever their model: normalizer, words, pieces of words, and the
// decoder that joins pieces again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/decoder.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/token_model.h"
#include "models/text/tokenizer.h"

namespace thaw {

class PipelineTokenizer : public Tokenizer {
 public:
  // The ids of `model` are those of parts.tokens.
  PipelineTokenizer(TokenizerParts parts, Normalizer normalizer, PreTokenizer pre_tokenizer,
                    std::shared_ptr<const TokenModel> model, TokenDecoder decoder);

  std::string_view inside_prefix() const override { return model_->inside_prefix(); }

 protected:
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const override;
  void tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens, Encoding& out) const override;
  std::string join(const std::vector<std::string_view>& tokens) const override;

 private:
  Normalizer normalizer_;
  PreTokenizer pre_tokenizer_;
  std::shared_ptr<const TokenModel> model_;
  TokenDecoder decoder_;
  std::optional<int32_t> text_token_;  // that stands for the text that it was made of
};

}  // namespace thaw
