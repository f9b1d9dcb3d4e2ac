// SPDX-License-Identifier: Apache-2.0
// What a model reads of one example: what a tokenizer makes of a text or a pair of texts, and rows of what is no text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/text/normalized_text.h"

namespace thaw {

class RowSource;

// Whitespace at the ends of what a token stands for: code points.
struct TokenBlanks {
  uint32_t leading = 0, trailing = 0;
};

// One entry a token in every vector.
struct Encoding {
  std::vector<int32_t> ids;
  std::vector<int32_t> type_ids;             // segment: 0 for the first text, 1 for the second (as the template says)
  std::vector<std::string> tokens;           // only if asked for (EncodeOptions::keep_tokens)
  std::vector<TextSpan> offsets;             // code points of the token's own text; {0, 0} for tokens of the template
  std::vector<uint8_t> special_tokens_mask;  // 1 for tokens of the template ([CLS], [SEP]), 0 for the texts' own
  std::vector<int8_t> sequence;              // 0: from the first text, 1: from the second, -1: from the template
  std::vector<TokenBlanks> blanks;           // of texts whose offsets a template is still to trim; else none
  std::vector<int32_t> words;                // of encode_words alone: the number of the token's word; -1: of none
  size_t cut = 0;                            // tokens of the texts that truncation dropped
  std::shared_ptr<const RowSource> rows;     // of what is no text: the last entries stand for its rows

  size_t size() const { return ids.size(); }
};

// How too long an input is cut to EncodeOptions::max_length.
enum class Truncation {
  none,
  longest_first,  // one token at a time from the longer text
  only_first,     // an error if that is not enough
  only_second,
};

struct EncodeOptions {
  bool add_special_tokens = true;
  Truncation truncation = Truncation::none;
  size_t max_length = 0;              // with the template's tokens; read only if truncation is not none
  std::optional<bool> truncate_left;  // drop the beginning of a text instead of its end; absent: as the files say
  bool keep_tokens = false;           // fill Encoding::tokens
};

// How a pair whose second text is too long is cut into windows over it.
struct WindowOptions {
  size_t max_length = 0;              // tokens of a window, with the template's
  size_t overlap = 0;                 // tokens of the second text that neighbours share; the reference's "stride"
  std::optional<bool> truncate_left;  // begin at the end of the text; absent: as the files say
  bool keep_tokens = false;           // fill Encoding::tokens
};

// The first text and a part of the second one.
struct TextWindow {
  Encoding encoding;
  size_t first = 0;  // the number, in all of the second text, of the part's first token
};

}  // namespace thaw
