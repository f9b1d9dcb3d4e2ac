// SPDX-License-Identifier: Apache-2.0
// Bytes as letters: base64 with padding (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace thaw {

std::string base64(std::string_view bytes);

// Absent if the text is none that base64() makes.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace thaw
