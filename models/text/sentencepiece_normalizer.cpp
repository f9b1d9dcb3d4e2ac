// SPDX-License-Identifier: Apache-2.0
// Rewrites a text prefix by prefix.
#include "models/text/sentencepiece_normalizer.h"

#include <algorithm>
#include <vector>

#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr std::string_view escaped_blank = "\xE2\x96\x81";

std::vector<std::string> user_defined_pieces(const SentencePieceFile& file) {
  std::vector<std::string> pieces;
  for (const SentencePiece& piece : file.pieces)
    if (piece.type == SentencePiece::Type::user_defined) pieces.push_back(piece.text);
  return pieces;
}

}  // namespace

SentencePieceNormalizer::SentencePieceNormalizer(const SentencePieceFile& file, const std::string& where)
    : SentencePieceNormalizer(file.normalizer, where) {
  user_defined_ = Trie(user_defined_pieces(file));
  blank_is_suffix_ = file.treat_whitespace_as_suffix;
}

SentencePieceNormalizer::SentencePieceNormalizer(const SentencePieceRules& rules, const std::string& where)
    : adds_prefix_(rules.add_dummy_prefix),
      drops_blanks_(rules.remove_extra_whitespaces),
      escapes_blanks_(rules.escape_whitespaces),
      blank_is_suffix_(false) {
  if (!rules.precompiled_map.empty()) map_ = CharacterMap(rules.precompiled_map, where + ".precompiled_charsmap");
}

SentencePieceNormalizer::Prefix SentencePieceNormalizer::next(std::string_view text) const {
  size_t whole = 0;
  uint32_t node = Trie::root;
  for (size_t at = 0; at < text.size() && (node = user_defined_.step(node, text[at])) != Trie::none; ++at)
    if (user_defined_.value(node) >= 0) whole = at + 1;
  if (whole > 0) return {text.substr(0, whole), whole};
  const CharacterMap::Match match = map_.longest(text);
  if (match.size > 0) return {match.replacement, match.size};
  size_t size = 0;
  next_code_point(text, size);
  return {text.substr(0, size), size};
}

void SentencePieceNormalizer::normalize(std::string_view text, uint32_t first, NormalizedText& out) const {
  out.clear();
  uint32_t consumed = first;  // code points
  const auto advance = [&](size_t bytes) {
    consumed += static_cast<uint32_t>(count_code_points(text.substr(0, bytes)));
    text.remove_prefix(bytes);
  };
  while (drops_blanks_ && !text.empty()) {
    const Prefix prefix = next(text);
    if (prefix.text != " ") break;
    advance(prefix.size);
  }
  if (text.empty()) return;

  const std::string_view blank = escapes_blanks_ ? escaped_blank : " ";
  const auto put = [&](std::string_view bytes) {
    out.text.append(bytes);
    out.source.resize(out.text.size(), {consumed, consumed});
  };
  if (adds_prefix_ && !blank_is_suffix_) put(blank);
  bool after_blank = drops_blanks_;
  while (!text.empty()) {
    const Prefix prefix = next(text);
    std::string_view rest = prefix.text;
    while (after_blank && rest.starts_with(' ')) rest.remove_prefix(1);
    if (!rest.empty()) {
      after_blank = drops_blanks_ && rest.ends_with(' ');
      for (size_t at = 0; at < rest.size();) {
        const size_t end = std::min(rest.find(' ', at), rest.size());
        put(rest.substr(at, end - at));
        at = end;
        if (at < rest.size()) {
          put(blank);
          ++at;
        }
      }
    }
    advance(prefix.size);
  }
  while (drops_blanks_ && out.text.ends_with(blank)) {
    consumed = out.source[out.text.size() - blank.size()].begin;
    out.text.resize(out.text.size() - blank.size());
    out.source.resize(out.text.size());
  }
  if (adds_prefix_ && blank_is_suffix_) put(blank);
  uint32_t end = consumed;
  for (size_t i = out.source.size(); i-- > 0;) {
    out.source[i].end = end;
    end = out.source[i].begin;
  }
}

}  // namespace thaw
