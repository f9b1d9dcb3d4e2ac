// SPDX-License-Identifier: Apache-2.0
// How sentencepiece itself rewrites a text: its character map, blanks, the dummy prefix, and where every byte came
// from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/text/character_map.h"
#include "models/text/normalized_text.h"
#include "models/text/sentencepiece_file.h"
#include "models/text/trie.h"

namespace thaw {

class SentencePieceNormalizer {
 public:
  // User-defined pieces are taken over as they stand. `where` names the file and the rules, for messages.
  // std::runtime_error if the character map is damaged.
  SentencePieceNormalizer(const SentencePieceFile& file, const std::string& where);
  // As a denormalizer: these rules alone.
  SentencePieceNormalizer(const SentencePieceRules& rules, const std::string& where);

  // Replaces `out` by the normalized text, whose first code point is number `first`. A byte's source ends where the
  // source of the next one begins, so that a piece has the blanks that were dropped behind it, as in sentencepiece.
  void normalize(std::string_view text, uint32_t first, NormalizedText& out) const;

 private:
  struct Prefix {
    std::string_view text;  // what the prefix becomes
    size_t size;            // bytes of the prefix
  };
  Prefix next(std::string_view text) const;

  CharacterMap map_;
  Trie user_defined_;
  bool adds_prefix_, drops_blanks_, escapes_blanks_, blank_is_suffix_;
};

}  // namespace thaw
