// SPDX-License-Identifier: Apache-2.0
// The tokenizers library's own way through a precompiled character map, which is not sentencepiece's.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "models/text/character_map.h"
#include "models/text/normalized_text.h"

namespace thaw {

// What a grapheme cluster of less than six bytes begins with is looked for in the map, the shortest entry first, and
// takes the place of the whole cluster; the code points of other clusters are looked for one by one.
struct PrecompiledNormalizer {
  std::shared_ptr<const CharacterMap> map;

  // Replaces `out` by the normalized piece, whose first code point is number `first` of its text.
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const;
};

}  // namespace thaw
