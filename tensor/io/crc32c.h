// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli): the checksum of checkpoints' files and of TensorBoard's records.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace thaw {

// The checksum of bytes; `before` is that of bytes that stood in front of them.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

// Of a whole file; std::runtime_error naming it if it cannot be read.
uint32_t crc32c_of_file(const std::filesystem::path& path);

// The form in TFRecord frames: rotated right by 15 bits, plus 0xa282ead8.
uint32_t masked_crc32c(std::string_view bytes);

}  // namespace thaw
