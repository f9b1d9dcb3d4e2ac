// SPDX-License-Identifier: Apache-2.0
// Which token stands for a word: its first piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/text/encoding.h"

namespace thaw {

// For each of so many words the first of its tokens that fit; -1: none did, or it has none.
inline std::vector<int32_t> word_tokens(const Encoding& encoding, size_t words) {
  std::vector<int32_t> tokens(words, -1);
  for (size_t i = encoding.words.size(); i-- > 0;)
    if (encoding.words[i] >= 0) tokens[static_cast<size_t>(encoding.words[i])] = static_cast<int32_t>(i);
  return tokens;
}

}  // namespace thaw
