// SPDX-License-Identifier: Apache-2.0
// Eight bytes at a time from eight tables (Kounavis & Berry 2005).
#include "tensor/io/crc32c.h"

#include <array>
#include <bit>

#include "tensor/io/mapped_file.h"

namespace thaw {
namespace {

using Table = std::array<uint32_t, 256>;

// tables[k][b]: the checksum of byte b followed by k zeros.
constexpr std::array<Table, 8> tables = [] {
  std::array<Table, 8> t{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
    t[0][i] = crc;
  }
  for (size_t k = 1; k < 8; ++k)
    for (size_t i = 0; i < 256; ++i) t[k][i] = t[0][t[k - 1][i] & 0xff] ^ t[k - 1][i] >> 8;
  return t;
}();

uint32_t byte_at(std::string_view bytes, size_t i) { return static_cast<unsigned char>(bytes[i]); }

}  // namespace

uint32_t crc32c(std::string_view bytes, uint32_t before) {
  uint32_t crc = ~before;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint32_t next = 0;
    for (size_t k = 0; k < 4; ++k) next ^= tables[7 - k][(crc >> (8 * k) & 0xff) ^ byte_at(bytes, i + k)];
    for (size_t k = 4; k < 8; ++k) next ^= tables[7 - k][byte_at(bytes, i + k)];
    crc = next;
  }
  for (; i < bytes.size(); ++i) crc = tables[0][(crc & 0xff) ^ byte_at(bytes, i)] ^ crc >> 8;
  return ~crc;
}

uint32_t crc32c_of_file(const std::filesystem::path& path) {
  const MappedFile file(path.string());
  return crc32c({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
}

uint32_t masked_crc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xa282ead8u; }

}  // namespace thaw
