// SPDX-License-Identifier: Apache-2.0
// Words of a tokenized text, texts that are too long cut between them, and files of texts read in such parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/text_encoder.h"
#include "models/text/encoding.h"
#include "models/text/tokenizer.h"

namespace thaw {

// For each token the number of its word, from 0; -1 for special tokens, which are of none. A word's further pieces
// begin with the tokenizer's mark for them (WordPiece's "##"), or, if it has none, where the piece before ends.
std::vector<int32_t> words_of(const Encoding& text, const Tokenizer& tokenizer);

// Where a part of a text ends that begins at `begin` and has at most `most` tokens: not within a word, unless that word
// alone is too long. words: as words_of() gives them, up to where the last part ends.
size_t end_of_part(std::span<const int32_t> words, size_t begin, size_t most);

// The text in parts of at most `length` tokens, each between the special tokens that the text is between: [CLS] part
// [SEP]. No part ends within a word, unless the word alone is too long. `length` leaves room for a token.
std::vector<Encoding> in_parts(const Encoding& text, const std::vector<int32_t>& words, size_t length);

struct TextPart {
  Encoding tokens;             // between the special tokens
  std::vector<int32_t> words;  // as words_of() gives them
  uint64_t kin;                // a checksum of the whole text that it is of
  int64_t line;                // where that begins in its file
};

// What is learnt of a file of texts.
struct PartsReading {
  std::string column;
  int64_t length;  // most tokens of a part, special ones included
  // Is there anything to learn of a text, of a part of one? What there is not is passed over.
  std::function<bool(const Encoding& tokens, const std::vector<int32_t>& words)> is_of_use;
  // In messages, what such a text has, and what texts have to have: "no word to mask", "a word to mask".
  std::string_view lack, need;
};

// Gives the parts of the texts of a file to `take`, in their order. Notes: what was cut, what was passed over.
// std::runtime_error naming file and line: a broken row; a file in which nothing is of use.
std::vector<std::string> read_text_parts(const TextEncoder& encoder, const std::string& file,
                                         const PartsReading& reading, const std::function<void(TextPart)>& take);

}  // namespace thaw
