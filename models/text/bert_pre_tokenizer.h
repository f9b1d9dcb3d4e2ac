// SPDX-License-Identifier: Apache-2.0
// BERT's pre-tokenizer: words end at whitespace, which is dropped, and every punctuation mark is a word of its own.
#pragma once

#include <array>
#include <string_view>

#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {

// Calls word(begin, end) with the byte range of each word of text[begin, end).
template <typename Word>
void split_bert_words(std::string_view text, size_t begin, size_t end, Word&& word) {
  enum Kind : unsigned char { letter, space, punctuation };
  static constexpr auto ascii = [] {
    std::array<Kind, 128> kinds{};
    for (unsigned c = 0; c < 128; ++c) {
      const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (c == ' ' || (c >= 9 && c <= 13)) {
        kinds[c] = space;
      } else if (c > 32 && c < 127 && !alphanumeric) {
        kinds[c] = punctuation;
      }
    }
    return kinds;
  }();
  size_t start = begin;
  for (size_t at = begin; at < end;) {
    const size_t here = at;
    const auto byte = static_cast<unsigned char>(text[at]);
    Kind kind = letter;
    if (byte < 0x80) {
      kind = ascii[byte];
      ++at;
    } else {
      const char32_t code = next_code_point(text, at);
      kind = is_whitespace(code) ? space : is_punctuation(code) ? punctuation : letter;
    }
    if (kind == letter) continue;
    if (start < here) word(start, here);
    if (kind == punctuation) word(here, at);
    start = at;
  }
  if (start < end) word(start, end);
}

}  // namespace thaw
