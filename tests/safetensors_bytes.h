// SPDX-License-Identifier: Apache-2.0
// Files made by hand for tests: a safetensors file from any header text and any data.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

inline std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

inline std::string safetensors_bytes(const std::string& header, const std::string& data) {
  return little_endian(header.size()) + header + data;
}

}  // namespace thaw
