// SPDX-License-Identifier: Apache-2.0
// Lower case with Greek's final sigma, and blanks.
#include "models/metrics/python_text.h"

#include <utf8proc.h>

#include <cstddef>

#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

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

}  // namespace

std::u32string code_points(std::string_view text) {
  check_utf8(text, "a text to score");
  std::u32string codes;
  codes.reserve(text.size());
  for (size_t at = 0; at < text.size();) codes += next_code_point(text, at);
  return codes;
}

std::string utf8_of(std::u32string_view codes) {
  std::string text;
  for (const char32_t code : codes) append_utf8(text, code);
  return text;
}

std::u32string lower_case_text(const std::u32string& text) {
  std::u32string out;
  out.reserve(text.size());
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

bool is_python_blank(char32_t code) { return is_whitespace(code) || (code >= 0x1C && code <= 0x1F); }

std::vector<std::string_view> split_at_blanks(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  const auto end_word = [&](size_t end) {
    if (end > begin) words.push_back(text.substr(begin, end - begin));
  };
  for (size_t at = 0; at < text.size();) {
    const size_t first = at;
    if (!is_python_blank(next_code_point(text, at))) continue;
    end_word(first);
    begin = at;
  }
  end_word(text.size());
  return words;
}

}  // namespace thaw
