// SPDX-License-Identifier: Apache-2.0
// A text that grows token by token, in parts that can be shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/text/tokenizer.h"

namespace thaw {

// The parts together are Tokenizer::decode() of all tokens. A part never ends within a character, nor within a run of
// bytes that a tokenizer spells a character with: what may still become another text is held back. Where a decoder
// changes what was shown all the same (none does that is known), the last part is a line break and the whole text.
class TextStream {
 public:
  // The tokenizer must outlive it.
  explicit TextStream(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  // What can be shown now; it may be empty. Ids beyond the vocabulary are no text: models have more embeddings.
  std::string add(int32_t id);
  // The rest, behind the last token.
  std::string finish();

 private:
  std::string shown_from(const std::string& text, size_t end);

  const Tokenizer& tokenizer_;
  std::vector<int32_t> ids_;
  std::string shown_;
};

}  // namespace thaw
