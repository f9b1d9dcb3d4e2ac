// SPDX-License-Identifier: Apache-2.0
// WordPiece tokenization of normalized text, and its way back to text.
#include "models/text/wordpiece_tokenizer.h"

namespace thaw {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

WordPieceTokenizer::WordPieceTokenizer(TokenizerParts parts, Normalizer normalizer, PreTokenizer pre_tokenizer,
                                       WordPieceModel model, std::optional<WordPieceDecoder> decoder)
    : Tokenizer(std::move(parts)),
      normalizer_(std::move(normalizer)),
      pre_tokenizer_(std::move(pre_tokenizer)),
      model_(std::move(model)),
      decoder_(std::move(decoder)) {}

void WordPieceTokenizer::normalize(std::string_view piece, uint32_t first, NormalizedText& out) const {
  normalizer_.normalize(piece, first, out);
}

void WordPieceTokenizer::tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens,
                                  Encoding& out) const {
  std::vector<Word> words;
  std::vector<WordPiece> pieces;
  pre_tokenizer_.split(text.text, begin, end, words);
  for (const Word& word : words) {
    pieces.clear();
    model_.split(std::string_view(text.text).substr(word.begin, word.end - word.begin), pieces);
    for (const WordPiece& piece : pieces) {
      out.ids.push_back(piece.id);
      out.offsets.push_back(text.original(word.begin + piece.begin, word.begin + piece.end));
      if (keep_tokens) out.tokens.push_back(token(piece.id));
    }
  }
}

std::string WordPieceTokenizer::join(const std::vector<std::string_view>& tokens) const {
  if (decoder_) return decoder_->join(tokens);
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) text.append(i > 0 ? " " : "").append(tokens[i]);
  return text;
}

// Cleaning works token by token, as the reference's decoder does: "don ' t" keeps its spaces, a token " 's" does not.
std::string WordPieceDecoder::join(const std::vector<std::string_view>& tokens) const {
  static constexpr std::pair<std::string_view, std::string_view> rules[] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},    {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
  };
  std::string text, token;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i == 0) {
      token = tokens[i];
    } else if (tokens[i].starts_with(prefix)) {
      token = tokens[i].substr(prefix.size());
    } else {
      token.assign(1, ' ').append(tokens[i]);
    }
    if (cleanup && token.find(' ') != std::string::npos)
      for (const auto& [from, to] : rules) replace_all(token, from, to);
    text += token;
  }
  return text;
}

}  // namespace thaw
