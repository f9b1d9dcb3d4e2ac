// SPDX-License-Identifier: Apache-2.0
// Tokenization of normalized text, and the way back to text.
#include "models/text/pipeline_tokenizer.h"

#include <utility>

namespace thaw {

PipelineTokenizer::PipelineTokenizer(TokenizerParts parts, Normalizer normalizer, PreTokenizer pre_tokenizer,
                                     std::shared_ptr<const TokenModel> model, TokenDecoder decoder)
    : Tokenizer(std::move(parts)),
      normalizer_(std::move(normalizer)),
      pre_tokenizer_(std::move(pre_tokenizer)),
      model_(std::move(model)),
      decoder_(std::move(decoder)) {
  if (const auto unknown = model_->unknown(); unknown && model_->unknown_is_text()) text_token_ = find_id(*unknown);
}

void PipelineTokenizer::normalize(std::string_view piece, uint32_t first, NormalizedText& out) const {
  normalizer_.normalize(piece, first, out);
}

void PipelineTokenizer::tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens,
                                 Encoding& out) const {
  std::vector<Word> words;
  std::vector<TokenPiece> pieces;
  NormalizedText rewritten;
  const NormalizedText& cut = pre_tokenizer_.split(text, begin, end, words, rewritten);
  for (const Word& word : words) {
    pieces.clear();
    const std::string_view whole = std::string_view(cut.text).substr(word.begin, word.end - word.begin);
    model_->split(whole, pieces);
    for (const TokenPiece& piece : pieces) {
      out.ids.push_back(piece.id);
      if (trims_offsets())
        out.blanks.push_back(blanks_of(piece.id == text_token_ ? whole.substr(piece.begin, piece.end - piece.begin)
                                                               : std::string_view(token(piece.id))));
      out.offsets.push_back(cut.original(word.begin + piece.begin, word.begin + piece.end));
      if (keep_tokens) out.tokens.push_back(token(piece.id));
    }
  }
}

std::string PipelineTokenizer::join(const std::vector<std::string_view>& tokens) const { return decoder_.join(tokens); }

}  // namespace thaw
