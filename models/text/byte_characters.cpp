// SPDX-License-Identifier: Apache-2.0
// The table of byte characters, its inverse, and UTF-8 that is made valid.
#include "models/text/byte_characters.h"

#include <cstddef>

#include "tensor/utf8.h"

namespace thaw {

namespace {

bool stands_for_itself(unsigned byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

std::array<char32_t, 256> codes() {
  std::array<char32_t, 256> all{};
  char32_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) all[byte] = stands_for_itself(byte) ? byte : next++;
  return all;
}

// Bytes of the longest beginning of a character at bytes[at] that no character has; at least 1.
size_t broken_length(std::string_view bytes, size_t at) {
  const auto byte = [&](size_t i) { return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U; };
  const unsigned first = byte(0), second = byte(1);
  const auto goes_on = [](unsigned b) { return b >= 0x80 && b < 0xC0; };
  if (first < 0xE0 || first > 0xF4 || !goes_on(second)) return 1;
  const bool fits = !(first == 0xE0 && second < 0xA0) && !(first == 0xED && second >= 0xA0) &&
                    !(first == 0xF0 && second < 0x90) && !(first == 0xF4 && second >= 0x90);
  if (!fits) return 1;
  return first >= 0xF0 && goes_on(byte(2)) ? 3 : 2;
}

}  // namespace

const std::array<std::string, 256>& byte_characters() {
  static const auto table = [] {
    std::array<std::string, 256> all;
    for (unsigned byte = 0; byte < 256; ++byte) append_utf8(all[byte], codes()[byte]);
    return all;
  }();
  return table;
}

void append_bytes(std::string_view token, std::string& out) {
  static const auto bytes = [] {
    std::array<int, 0x200> all{};
    all.fill(-1);
    for (int byte = 0; byte < 256; ++byte) all[codes()[static_cast<size_t>(byte)]] = byte;
    return all;
  }();
  const size_t before = out.size();
  for (size_t at = 0; at < token.size();) {
    const char32_t code = next_code_point(token, at);
    if (code >= bytes.size() || bytes[code] < 0) {
      out.resize(before);
      out += token;
      return;
    }
    out.push_back(static_cast<char>(bytes[code]));
  }
}

std::string valid_utf8(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) {
    const size_t length = utf8_length(bytes, at);
    if (length > 0) {
      out += bytes.substr(at, length);
      at += length;
    } else {
      out += "\xEF\xBF\xBD";
      at += broken_length(bytes, at);
    }
  }
  return out;
}

}  // namespace thaw
