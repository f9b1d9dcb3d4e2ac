// SPDX-License-Identifier: Apache-2.0
// UTF-8 in and out, and the map between byte offsets and code point offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

// Offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing
// beyond U+10FFFF); text.size() if there is none.
size_t utf8_error_offset(std::string_view text);

// std::invalid_argument "WHAT: byte N is not valid UTF-8" if the text is not valid.
void check_utf8(std::string_view text, std::string_view what);

// Appends a code point; U+D800..U+DFFF and values beyond U+10FFFF are a std::invalid_argument.
void append_utf8(std::string& out, char32_t code);

std::u32string utf8_to_code_points(std::string_view text);
std::string code_points_to_utf8(std::u32string_view codes);

// Number of code points of a valid text.
size_t count_code_points(std::string_view text);

// Where the code points of a text begin.
class CodePointOffsets {
 public:
  // The text must be valid UTF-8.
  explicit CodePointOffsets(std::string_view text);

  size_t code_points() const { return bytes_.size() - 1; }
  // Byte at which code point `index` begins; the text's size for index == code_points().
  size_t byte_offset(size_t index) const;
  // Code point that the byte at `byte` belongs to; code_points() for the text's size.
  size_t code_point(size_t byte) const;
  // The text from code point `begin` to code point `end`.
  std::string_view slice(std::string_view text, size_t begin, size_t end) const;

 private:
  std::vector<uint32_t> bytes_;
};

}  // namespace thaw
