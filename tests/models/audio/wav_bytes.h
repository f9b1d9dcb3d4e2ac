// SPDX-License-Identifier: Apache-2.0
// WAV files by hand.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace thaw {

struct WavShape {
  int format = 1;  // 1: integers, 3: floating-point numbers
  int channels = 1, rate = 16'000, bits = 16;
};

inline std::string low_bytes(uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

// `said` is how long the header says the data is.
inline std::string wav_bytes(const WavShape& shape, const std::string& data, size_t said) {
  const int block = shape.channels * shape.bits / 8;
  return "RIFF" + low_bytes(said + 36, 4) + "WAVEfmt " + low_bytes(16, 4) +
         low_bytes(static_cast<uint64_t>(shape.format), 2) + low_bytes(static_cast<uint64_t>(shape.channels), 2) +
         low_bytes(static_cast<uint64_t>(shape.rate), 4) + low_bytes(static_cast<uint64_t>(shape.rate * block), 4) +
         low_bytes(static_cast<uint64_t>(block), 2) + low_bytes(static_cast<uint64_t>(shape.bits), 2) + "data" +
         low_bytes(said, 4) + data;
}

inline std::string wav_bytes(const WavShape& shape, const std::string& data) {
  return wav_bytes(shape, data, data.size());
}

// Numbers as they lie in memory, which is little-endian.
template <typename T>
std::string bytes_of(const std::vector<T>& numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

}  // namespace thaw
