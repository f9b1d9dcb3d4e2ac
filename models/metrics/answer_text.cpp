// SPDX-License-Identifier: Apache-2.0
// Lower case, punctuation, articles and blanks, in this order.
#include "models/metrics/answer_text.h"

#include <algorithm>
#include <cstddef>

#include "models/metrics/python_text.h"
#include "models/text/unicode_properties.h"

namespace thaw {
namespace {

bool is_ascii_punctuation(char32_t code) { return code < 0x80 && is_punctuation(code); }

// \w of Python's re: letters and numbers. (The underscore is punctuation of ASCII.)
bool is_word(char32_t code) {
  return is_numeric(code) || (is_word_character(code) && !is_mark(code) && !is_punctuation(code));
}

// Replaces a, an and the, where they are whole words, by a blank.
std::u32string without_articles(const std::u32string& text) {
  std::u32string out;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == i) {
      out += text[i++];
      continue;
    }
    const std::u32string_view word = std::u32string_view(text).substr(i, end - i);
    if (word == U"a" || word == U"an" || word == U"the") {
      out += U' ';
    } else {
      out += word;
    }
    i = end;
  }
  return out;
}

}  // namespace

std::vector<std::string> answer_words(std::string_view text) {
  std::u32string codes = lower_case_text(code_points(text));
  std::erase_if(codes, is_ascii_punctuation);
  const std::string plain = utf8_of(without_articles(codes));
  const std::vector<std::string_view> words = split_at_blanks(plain);
  return {words.begin(), words.end()};
}

}  // namespace thaw
