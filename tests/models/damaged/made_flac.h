// SPDX-License-Identifier: Apache-2.0
// FLAC (RFC 9639) by hand: frames of constant numbers, each of a few bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/models/image/made_png.h"

namespace thaw {

// The remainder of division by the polynomial of `width` bits, highest bit first, from 0 on.
inline uint32_t checksum(std::string_view bytes, int width, uint32_t polynomial) {
  const uint64_t top = uint64_t{1} << (width - 1), mask = 2 * top - 1;
  uint64_t sum = 0;
  for (const char c : bytes) {
    sum ^= uint64_t{static_cast<unsigned char>(c)} << (width - 8);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & top ? sum << 1 ^ polynomial : sum << 1) & mask;
  }
  return static_cast<uint32_t>(sum);
}

// As UTF-8 codes characters, of up to 16 bits.
inline std::string coded(uint32_t number) {
  if (number < 0x80) return {static_cast<char>(number)};
  const auto later = [&](int shift) { return static_cast<char>(0x80 | (number >> shift & 0x3F)); };
  if (number < 0x800) return {static_cast<char>(0xC0 | number >> 6), later(0)};
  return {static_cast<char>(0xE0 | number >> 12), later(6), later(0)};
}

struct MadeFlac {
  int frames = 20, block = 4096;  // samples of a frame
  int channels = 1;
  uint32_t rate = 16'000;
  uint64_t said = 20 * 4096;   // samples, as the header says
  std::string metadata;        // blocks between the header and the frames
  bool more_metadata = false;  // follows the header
  bool by_samples = false;     // frames have the numbers of their first samples, as where they differ in size

  // The sizes of blocks and frames, the rate, channels, bits and samples, and no digest.
  std::string header() const {
    const uint32_t packed =
        rate << 12 | static_cast<uint32_t>(channels - 1) << 9 | 15U << 4 | static_cast<uint32_t>(said >> 32 & 0xF);
    const std::string sizes = big_endian(static_cast<uint32_t>(block) << 16 | static_cast<uint32_t>(block));
    const std::string kind = more_metadata ? std::string(1, '\0') : "\x80";
    return "fLaC" + kind + std::string("\0\0\x22", 3) + sizes + std::string(6, '\0') + big_endian(packed) +
           big_endian(static_cast<uint32_t>(said)) + std::string(16, '\0');
  }

  std::string frame(int number) const {
    std::string bytes = by_samples ? "\xFF\xF9\x70" : "\xFF\xF8\x70";  // its length follows below; the header's rate
    bytes += static_cast<char>((channels - 1) << 4 | 4 << 1);          // 16 bits
    bytes += coded(static_cast<uint32_t>(by_samples ? number * block : number));
    bytes += big_endian(static_cast<uint32_t>(block - 1)).substr(2);
    bytes += static_cast<char>(checksum(bytes, 8, 0x07));
    for (int channel = 0; channel < channels; ++channel)
      bytes += '\0' + big_endian(static_cast<uint32_t>(100 * number)).substr(2);
    return bytes + big_endian(checksum(bytes, 16, 0x8005)).substr(2);
  }

  std::string bytes() const {
    std::string all = header() + metadata;
    for (int number = 0; number < frames; ++number) all += frame(number);
    return all;
  }
};

// A block of metadata of a kind, the last one.
inline std::string flac_block(char kind, uint32_t said, const std::string& data) {
  return static_cast<char>(kind | '\x80') + big_endian(said).substr(1) + data;
}

}  // namespace thaw
