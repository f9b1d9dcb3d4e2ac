// SPDX-License-Identifier: Apache-2.0
// UTF-8 validation, conversion, and offsets.
#include "models/text/unicode.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "tensor/check.h"

namespace thaw {

namespace {

// Length of the well-formed sequence at text[at], or 0. Table 3-7 of the Unicode Standard: the second byte's range
// depends on the first.
size_t sequence_length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto within = [](unsigned b, unsigned low, unsigned high) { return b >= low && b <= high; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (within(first, 0xC2, 0xDF)) return within(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (within(first, 0xE0, 0xEF)) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (within(first, 0xF0, 0xF4)) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return within(byte(1), low, high) && within(byte(2), 0x80, 0xBF) && within(byte(3), 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

size_t utf8_error_offset(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    uint64_t eight;
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const size_t length = sequence_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return text.size();
}

void check_utf8(std::string_view text, std::string_view what) {
  const size_t bad = utf8_error_offset(text);
  check(bad == text.size(), "{}: byte {} is not valid UTF-8", what, bad);
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    check(code < 0xD800 || code > 0xDFFF, "U+{:04X} is a surrogate, not a character", static_cast<unsigned>(code));
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    check(code <= 0x10FFFF, "0x{:X} is beyond the last code point, U+10FFFF", static_cast<unsigned>(code));
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::u32string utf8_to_code_points(std::string_view text) {
  check_utf8(text, "text");
  std::u32string codes;
  codes.reserve(text.size());
  for (size_t at = 0; at < text.size();) codes.push_back(next_code_point(text, at));
  return codes;
}

std::string code_points_to_utf8(std::u32string_view codes) {
  std::string text;
  text.reserve(codes.size());
  for (const char32_t code : codes) append_utf8(text, code);
  return text;
}

size_t count_code_points(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

CodePointOffsets::CodePointOffsets(std::string_view text) {
  check(text.size() < std::numeric_limits<uint32_t>::max(), "text of {} bytes is too long", text.size());
  bytes_.reserve(text.size() + 1);
  for (size_t at = 0; at < text.size();) {
    bytes_.push_back(static_cast<uint32_t>(at));
    next_code_point(text, at);
  }
  bytes_.push_back(static_cast<uint32_t>(text.size()));
}

size_t CodePointOffsets::byte_offset(size_t index) const {
  check(index < bytes_.size(), "code point {} of a text that has {}", index, code_points());
  return bytes_[index];
}

size_t CodePointOffsets::code_point(size_t byte) const {
  check(byte <= bytes_.back(), "byte {} of a text that has {}", byte, bytes_.back());
  return static_cast<size_t>(std::upper_bound(bytes_.begin(), bytes_.end(), byte) - bytes_.begin()) - 1;
}

std::string_view CodePointOffsets::slice(std::string_view text, size_t begin, size_t end) const {
  check(begin <= end, "slice from code point {} back to {}", begin, end);
  const size_t first = byte_offset(begin);
  return text.substr(first, byte_offset(end) - first);
}

}  // namespace thaw
