// SPDX-License-Identifier: Apache-2.0
// UTF-8: every code point goes out and comes back, and nothing else is well-formed.
#include "tensor/utf8.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace thaw {

TEST_CASE("utf8: every code point is written and read back") {
  int wrong = 0;
  for (char32_t code = 0; code <= 0x10FFFF; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code);
    size_t at = 0;
    const bool same = utf8_length(text, 0) == text.size() && next_code_point(text, at) == code && at == text.size();
    wrong += same && count_code_points(text) == 1 ? 0 : 1;
  }
  CHECK(wrong == 0);
  std::string text;
  CHECK_THROWS_AS(append_utf8(text, 0xD800), std::invalid_argument);
  CHECK_THROWS_AS(append_utf8(text, 0x110000), std::invalid_argument);
}

// As many well-formed sequences begin with two, three, four bytes as there are code points of that length.
TEST_CASE("utf8: no other bytes are well-formed") {
  const auto count = [](size_t length, unsigned first, unsigned last) {
    int found = 0;
    std::string text(length, '\0');
    for (unsigned lead = first; lead <= last; ++lead) {
      text[0] = static_cast<char>(lead);
      for (uint32_t rest = 0; rest < uint32_t{1} << (8 * (length - 1)); ++rest) {
        for (size_t i = 1; i < length; ++i) text[i] = static_cast<char>(rest >> (8 * (i - 1)));
        found += utf8_length(text, 0) == length ? 1 : 0;
      }
    }
    return found;
  };
  CHECK(count(1, 0, 0xFF) == 0x80);
  CHECK(count(2, 0, 0xFF) == 0x800 - 0x80);
  CHECK(count(3, 0xE0, 0xE0) == 0x1000 - 0x800);
  CHECK(count(3, 0xED, 0xED) == 0xD800 - 0xD000);  // up to the surrogates
  CHECK(count(3, 0xEF, 0xF1) == 0x1000);
  for (const char* beginning : {"\xF0\x8F", "\xF4\x90", "\xF5\x80", "\xFF\xBF"})
    CHECK(utf8_length(std::string(beginning) + "\x80\x80", 0) == 0);
  for (const char* beginning : {"\xF0\x90", "\xF4\x8F"})
    CHECK(utf8_length(std::string(beginning) + "\x80\x80", 0) == 4);
}

TEST_CASE("utf8: an error is where its sequence begins") {
  for (const size_t before : {0, 1, 7, 8, 9, 20}) {
    const std::string ascii(before, 'a');
    CHECK(utf8_error_offset(ascii) == before);
    CHECK(utf8_error_offset(ascii + "\xE2\x82") == before);
    CHECK(utf8_error_offset(ascii + "\xE2\x82\xAC\x80 and more") == before + 3);
    CHECK(utf8_error_offset(ascii + "\xE2\x82\xAC and more") == before + 12);
  }
  CHECK_THROWS_WITH_AS(check_utf8("a\xFF", "the text"), "the text: byte 1 is not valid UTF-8", std::invalid_argument);
}

}  // namespace thaw
