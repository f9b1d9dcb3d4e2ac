// SPDX-License-Identifier: Apache-2.0
// Checksums of examples and weights, by which a run knows its data again.
#pragma once

#include <fmt/ranges.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/input/row_source.h"
#include "models/text/encoding.h"
#include "tensor/io/crc32c.h"

namespace thaw {

// Of the bytes of some numbers, going on from the checksum of those before them.
template <typename T>
uint32_t checksum(const std::vector<T>& values, uint32_t before = 0) {
  return crc32c({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}, before);
}

inline uint32_t checksum(const RowSource& rows, uint32_t before = 0) {
  const std::span<const std::byte> identity = rows.identity();
  return crc32c({reinterpret_cast<const char*>(identity.data()), identity.size()}, before);
}

// Of what a model reads of an example.
inline uint32_t checksum(const Encoding& encoding, uint32_t before = 0) {
  const uint32_t sum = checksum(encoding.type_ids, checksum(encoding.ids, before));
  return encoding.rows ? checksum(*encoding.rows, sum) : sum;
}

inline std::string checksum_text(uint32_t sum) { return fmt::format("checksum {:08x}", sum); }

// Labels as an error can show them: all, or how many and their checksum where the list is long.
inline std::string label_list(const std::vector<std::string>& labels) {
  constexpr size_t longest = 200;  // bytes
  const std::string list = fmt::format("[{}]", fmt::join(labels, ", "));
  return list.size() <= longest ? list : fmt::format("{} ({})", labels.size(), checksum_text(crc32c(list)));
}

}  // namespace thaw
