// SPDX-License-Identifier: Apache-2.0
// The bytes of a spiece.model, made by hand.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace thaw {

inline std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}

inline std::string number_field(uint32_t field, uint64_t value) { return varint(field << 3) + varint(value); }

inline std::string bytes_field(uint32_t field, std::string_view bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

inline std::string little_endian32(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

inline std::string float_field(uint32_t field, float value) {
  return varint(field << 3 | 5) + little_endian32(std::bit_cast<uint32_t>(value));
}

// Types: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.
inline std::string piece_field(std::string_view text, float score = 0, uint64_t type = 1) {
  return bytes_field(1, bytes_field(1, text) + float_field(2, score) + number_field(3, type));
}

// A character map whose one entry is a letter: the root's children lie from unit 256 on, the letter's value in the unit
// 512 ^ 256 ^ letter.
inline std::string letter_map(char letter, std::string_view replacement, uint32_t value = 0,
                              uint32_t value_base = 512) {
  const auto code = static_cast<unsigned char>(letter);
  const uint32_t node = 256U ^ code;
  std::string units;
  for (uint32_t i = 0; i < 1024; ++i) {
    uint32_t unit = 0x80000000;  // no label that a byte equals
    if (i == 0) unit = 256U << 10;
    if (i == node) unit = value_base << 10 | 1U << 8 | code;
    if (i == (node ^ 512U)) unit = 0x80000000U | value;
    units += little_endian32(unit);
  }
  return little_endian32(static_cast<uint32_t>(units.size())) + units + std::string(replacement) + '\0';
}

// A sound file: <unk>, </s>, _a, a, b, the user-defined piece "ab cd".
inline std::string good_spiece() {
  return piece_field("<unk>", 0, 2) + piece_field("</s>", 0, 3) +
         piece_field(
             "\xE2\x96\x81"
             "a",
             -1) +
         piece_field("a", -2) + piece_field("b", -3) + piece_field("ab cd", 0, 4) + bytes_field(2, number_field(3, 1)) +
         bytes_field(3, bytes_field(2, letter_map('c', "b")));
}

}  // namespace thaw
