// SPDX-License-Identifier: Apache-2.0
// PNG files made by hand (RFC 2083), of the kinds that thaw does not write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace thaw {

inline std::string big_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

inline uint32_t png_crc(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

inline std::string png_chunk(const std::string& kind, const std::string& data) {
  return big_endian(static_cast<uint32_t>(data.size())) + kind + data + big_endian(png_crc(kind + data));
}

// zlib's format, nothing packed: one stored block.
inline std::string stored(const std::string& bytes) {
  uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  const auto low = [](size_t n) { return std::string{static_cast<char>(n & 0xFF), static_cast<char>(n >> 8 & 0xFF)}; };
  return "\x78\x01\x01" + low(bytes.size()) + low(~bytes.size()) + bytes + big_endian(b << 16 | a);
}

struct MadePng {
  uint32_t width = 1, height = 1;
  int depth = 8;
  int colour = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and opacity, 6 RGB and opacity
  bool interlaced = false;
  std::string chunks;  // between header and pixels
  std::string rows;    // each behind a 0, the filter; at most 65,535 bytes

  std::string header() const {
    return "\x89PNG\r\n\x1A\n" +
           png_chunk("IHDR", big_endian(width) + big_endian(height) + static_cast<char>(depth) +
                                 static_cast<char>(colour) + std::string(2, '\0') + static_cast<char>(interlaced));
  }
  std::string bytes() const { return header() + chunks + png_chunk("IDAT", stored(rows)) + png_chunk("IEND", ""); }
};

}  // namespace thaw
