// SPDX-License-Identifier: Apache-2.0
// Puts tokens of sentences between a tokenizer's special tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/tasks/text_encoder.h"
#include "models/text/encoding.h"

namespace thaw {

// Tokens of a text, and their words as words_of() gives them.
struct TokensOfText {
  std::span<const int32_t> ids, words;
};

// A text or a pair as the model reads it: ids and types of its Encoding, and the words of its tokens, numbered through
// both texts.
struct LaidOutText {
  Encoding text;
  std::vector<int32_t> words;
};

class PairLayout {
 public:
  // Of pairs, or of texts alone. std::runtime_error if the model does not take pairs as the tokenizer makes them.
  PairLayout(const TextEncoder& encoder, bool pairs);

  size_t special_tokens() const;
  // As many texts as the layout is of.
  LaidOutText operator()(std::span<const TokensOfText> texts) const;

 private:
  struct Part {
    int8_t text;               // its number; -1: special tokens
    std::vector<int32_t> ids;  // of the special tokens
    int32_t type;
  };
  std::vector<Part> parts_;
};

}  // namespace thaw
