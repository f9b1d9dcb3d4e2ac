// SPDX-License-Identifier: Apache-2.0
// Metaspace: blanks as a visible character, as in sentencepiece, and words that begin with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/text/normalized_text.h"
#include "models/text/word.h"
#include "tensor/io/json.h"

namespace thaw {

struct Metaspace {
  enum class Prepend {
    always,  // every word begins with the character
    first,   // the one at the beginning of the text does
    never,
  };
  std::string replacement = "\xE2\x96\x81";  // one character
  Prepend prepend = Prepend::always;
  bool split = true;  // words end where the character comes next
};

// Writes one word of `text` at the end of `out`, and appends what is cut out of it to `words`.
void put_metaspace_words(const Metaspace& step, const NormalizedText& text, Word word, NormalizedText& out,
                         std::vector<Word>& words);

// The character becomes a blank; in the first token it goes, unless nothing is ever prepended.
void decode_metaspace(const Metaspace& step, std::vector<std::string>& tokens);

// A component of a tokenizer.json whose type is Metaspace, with the older `add_prefix_space` too. std::runtime_error
// naming the file and the key.
Metaspace read_metaspace(const Json& json);

}  // namespace thaw
