// SPDX-License-Identifier: Apache-2.0
// Encodes and decodes as sentencepiece's processor does.
#include "models/text/sentencepiece_tokenizer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr std::string_view escaped_blank = "\xE2\x96\x81";

TokenizerParts parts_of(const SentencePieceFile& file, std::vector<ProcessorFile> files) {
  TokenizerParts parts;
  for (size_t id = 0; id < file.pieces.size(); ++id) parts.tokens.add(file.pieces[id].text, static_cast<int32_t>(id));
  parts.vocabulary_size = file.pieces.size();
  parts.special.unknown = file.unknown;
  parts.special.bos = file.find_control(file.bos);
  parts.special.eos = file.find_control(file.eos);
  parts.special.pad = file.find_control(file.pad);
  parts.files = std::move(files);
  return parts;
}

// Bytes that are no character are U+FFFD each.
void append_bytes(std::string& bytes, std::string& text) {
  for (size_t at = 0; at < bytes.size();) {
    const size_t size = utf8_length(bytes, at);
    text.append(size > 0 ? std::string_view(bytes).substr(at, size) : "\xEF\xBF\xBD");
    at += size > 0 ? size : 1;
  }
  bytes.clear();
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(std::string_view content, const std::string& path,
                                               std::vector<ProcessorFile> files)
    : SentencePieceTokenizer(parse_sentencepiece(content, path), path, std::move(files)) {}

SentencePieceTokenizer::SentencePieceTokenizer(const SentencePieceFile& file, const std::string& path,
                                               std::vector<ProcessorFile> files)
    : Tokenizer(parts_of(file, std::move(files))),
      normalizer_(file, path + ": normalizer_spec"),
      model_(file),
      unknown_surface_(file.unknown_surface),
      drops_first_blank_(file.normalizer.add_dummy_prefix || file.normalizer.remove_extra_whitespaces),
      drops_blanks_(file.normalizer.remove_extra_whitespaces) {
  if (file.denormalizer) denormalizer_.emplace(*file.denormalizer, path + ": denormalizer_spec");
  types_.reserve(file.pieces.size());
  for (const SentencePiece& piece : file.pieces) types_.push_back(piece.type);
}

void SentencePieceTokenizer::normalize(std::string_view piece, uint32_t first, NormalizedText& out) const {
  normalizer_.normalize(piece, first, out);
}

void SentencePieceTokenizer::tokenize(const NormalizedText& text, size_t begin, size_t end, bool keep_tokens,
                                      Encoding& out) const {
  std::vector<TokenPiece> pieces;
  model_.split(std::string_view(text.text).substr(begin, end - begin), pieces);
  for (const TokenPiece& piece : pieces) {
    const uint32_t from = text.source[begin + piece.begin].begin;
    out.ids.push_back(piece.id);
    out.offsets.push_back({from, piece.begin < piece.end ? text.source[begin + piece.end - 1].end : from});
    if (keep_tokens) out.tokens.push_back(token(piece.id));
  }
}

// The blank that begins the text is dropped once or, where extra blanks are removed, as long as the text is empty.
std::string SentencePieceTokenizer::join(const std::vector<std::string_view>& tokens) const {
  using Type = SentencePiece::Type;
  std::string text, bytes;
  bool at_start = true, dropped = false;
  for (std::string_view piece : tokens) {
    const Type type = types_[static_cast<size_t>(find_id(piece).value())];
    if (type == Type::byte) {
      bytes.push_back(static_cast<char>(byte_of_piece(piece)));
      continue;
    }
    append_bytes(bytes, text);
    if (dropped || !text.empty()) at_start = false;
    dropped = false;
    if (type == Type::control) continue;
    if (type == Type::unknown) {
      text += unknown_surface_;
      continue;
    }
    if (at_start && drops_first_blank_ && piece.starts_with(escaped_blank)) {
      piece.remove_prefix(escaped_blank.size());
      dropped = !drops_blanks_;
    }
    for (size_t at = 0; at < piece.size();) {
      const size_t blank = std::min(piece.find(escaped_blank, at), piece.size());
      text.append(piece.substr(at, blank - at));
      if (blank < piece.size()) text += ' ';
      at = blank + escaped_blank.size();
    }
  }
  append_bytes(bytes, text);
  if (!denormalizer_) return text;
  NormalizedText out;
  denormalizer_->normalize(text, 0, out);
  return out.text;
}

}  // namespace thaw
