// SPDX-License-Identifier: Apache-2.0
// UTF-8 in and out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace thaw {

// Reads the code point at text[at] and moves `at` behind it. The text must be valid UTF-8 and `at` a code point's first
// byte.
inline char32_t next_code_point(std::string_view text, size_t& at) {
  const auto byte = [&](size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[at + i])); };
  const char32_t first = byte(0);
  char32_t code = first;
  size_t length = 1;
  if (first >= 0xF0) {
    code = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    length = 4;
  } else if (first >= 0xE0) {
    code = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    length = 3;
  } else if (first >= 0xC0) {
    code = (first & 0x1F) << 6 | (byte(1) & 0x3F);
    length = 2;
  }
  at += length;
  return code;
}

// Bytes of the well-formed sequence (RFC 3629: no surrogates, no overlong forms, nothing beyond U+10FFFF) at text[at];
// 0 if there is none.
size_t utf8_length(std::string_view text, size_t at);

// Offset of the first byte that is not part of a well-formed sequence; text.size() if there is none.
size_t utf8_error_offset(std::string_view text);

// std::invalid_argument "WHAT: byte N is not valid UTF-8" if the text is not valid.
void check_utf8(std::string_view text, std::string_view what);

// Appends a code point; U+D800..U+DFFF and values beyond U+10FFFF are a std::invalid_argument.
void append_utf8(std::string& out, char32_t code);

// Number of code points of a valid text.
size_t count_code_points(std::string_view text);

}  // namespace thaw
