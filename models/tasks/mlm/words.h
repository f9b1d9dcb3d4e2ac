// SPDX-License-Identifier: Apache-2.0
// Words of a tokenized text, and texts that are too long cut between them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/text/encoding.h"
#include "models/text/tokenizer.h"

namespace thaw {

// For each token the number of its word, from 0; -1 for special tokens, which are of none. A word's further pieces
// begin with the tokenizer's mark for them (WordPiece's "##"), or, if it has none, where the piece before ends.
std::vector<int32_t> words_of(const Encoding& text, const Tokenizer& tokenizer);

// The text in parts of at most `length` tokens, each between the special tokens that the text is between: [CLS] part
// [SEP]. No part ends within a word, unless the word alone is too long. `length` leaves room for a token.
std::vector<Encoding> in_parts(const Encoding& text, const std::vector<int32_t>& words, size_t length);

}  // namespace thaw
