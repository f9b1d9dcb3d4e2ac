// SPDX-License-Identifier: Apache-2.0
// Python's lower case, blanks and word boundaries, code point by code point.
#include "models/metrics/answer_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

std::u32string code_points(std::string_view text) {
  std::u32string codes;
  for (size_t at = 0; at < text.size();) codes += next_code_point(text, at);
  return codes;
}

utf8proc_category_t category(char32_t code) { return utf8proc_category(static_cast<utf8proc_int32_t>(code)); }

bool is_cased(char32_t code) {
  const auto kind = category(code);
  return kind == UTF8PROC_CATEGORY_LU || kind == UTF8PROC_CATEGORY_LL || kind == UTF8PROC_CATEGORY_LT;
}

// What does not tell whether a word ends: marks, modifiers, formats, and what may stand within words.
bool is_case_ignorable(char32_t code) {
  switch (category(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK: return true;
    default:
      return std::u32string_view(
                 U"'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55"
                 U"\uFF07\uFF0E\uFF1A")
                 .find(code) != std::u32string_view::npos;
  }
}

// Unicode's Final_Sigma: a cased letter before it and none behind it, whatever is case-ignorable passed over.
bool is_final_sigma(const std::u32string& text, size_t at) {
  size_t before = at, behind = at + 1;
  while (before > 0 && is_case_ignorable(text[before - 1])) --before;
  while (behind < text.size() && is_case_ignorable(text[behind])) ++behind;
  return before > 0 && is_cased(text[before - 1]) && (behind == text.size() || !is_cased(text[behind]));
}

std::u32string lower(const std::u32string& text) {
  std::u32string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == U'\u03A3') {
      out += is_final_sigma(text, i) ? U'\u03C2' : U'\u03C3';
      continue;
    }
    const Decomposition small = lower_case(text[i]);
    out.append(small.codes, static_cast<size_t>(small.size));
  }
  return out;
}

bool is_ascii_punctuation(char32_t code) { return code < 0x80 && is_punctuation(code); }

// What str.split() splits at: White_Space of Unicode, and four separators of ASCII.
bool is_blank(char32_t code) { return is_whitespace(code) || (code >= 0x1C && code <= 0x1F); }

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
  std::u32string codes = lower(code_points(text));
  std::erase_if(codes, is_ascii_punctuation);
  std::vector<std::string> words;
  bool in_word = false;
  for (const char32_t code : without_articles(codes)) {
    if (!is_blank(code)) {
      if (!in_word) words.emplace_back();
      append_utf8(words.back(), code);
    }
    in_word = !is_blank(code);
  }
  return words;
}

}  // namespace thaw
