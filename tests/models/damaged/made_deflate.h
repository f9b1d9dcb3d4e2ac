// SPDX-License-Identifier: Apache-2.0
// Packed bytes by hand (RFC 1950 to 1952): as they are, or one byte over and over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/models/audio/wav_bytes.h"
#include "tests/models/image/made_png.h"

namespace thaw {

constexpr size_t longest_copy = 258;

// One block of fixed codes: a byte, below 144, and 258 others like it `copies` times, of 1.6 bytes each.
inline std::string deflated_run(unsigned char byte, size_t copies) {
  std::string bytes;
  unsigned pending = 0;
  int count = 0;
  const auto put = [&](unsigned code, int bits) {  // codes begin with their highest bit
    while (bits-- > 0) {
      pending |= (code >> bits & 1) << count;
      if (++count < 8) continue;
      bytes += static_cast<char>(pending);
      pending = 0;
      count = 0;
    }
  };
  put(1, 1);     // the last block
  put(0b10, 2);  // of fixed codes (a number: its lowest bit first)
  put(0b00110000 + unsigned{byte}, 8);
  for (size_t i = 0; i < copies; ++i) {
    put(0b11000101, 8);  // 258 bytes
    put(0, 5);           // as the one before
  }
  put(0, 7);  // the end
  put(0, (8 - count) % 8);
  return bytes;
}

// zlib's format of such a run: its check sum is of its bytes, and of such sums.
inline std::string zlib_run(unsigned char byte, size_t copies) {
  const uint64_t count = 1 + longest_copy * copies;
  const uint64_t sum = (1 + count * byte) % 65521, sums = (count + byte * (count * (count + 1) / 2 % 65521)) % 65521;
  return "\x78\x01" + deflated_run(byte, copies) + big_endian(static_cast<uint32_t>(sums << 16 | sum));
}

// A gzip file of what a deflated block unpacks to.
inline std::string gzip_of(const std::string& deflated, const std::string& unpacked) {
  return std::string("\x1F\x8B\x08\0\0\0\0\0\0\3", 10) + deflated + low_bytes(png_crc(unpacked), 4) +
         low_bytes(unpacked.size(), 4);
}

}  // namespace thaw
