// SPDX-License-Identifier: Apache-2.0
// Sizes of safetensors entries in arithmetic that cannot overflow; shared by its reader and its writer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tensor/io/safetensors.h"

namespace thaw {

// Number of elements; empty if a size is negative, or the product of those that are not zero does not fit 63 bits.
std::optional<uint64_t> element_count(const std::vector<int64_t>& shape);

// Number of bytes; empty too if the number of bits does not fit 64 bits, or elements of 4 or 6 bits do not fill whole
// bytes.
std::optional<uint64_t> byte_count(const SafetensorsDType& type, const std::vector<int64_t>& shape);

}  // namespace thaw
