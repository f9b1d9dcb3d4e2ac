// SPDX-License-Identifier: Apache-2.0
// The 256 characters that stand for bytes in byte-level vocabularies (GPT-2): printable ones of Latin-1 for themselves,
// the other bytes, in order, U+0100 and what follows.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace thaw {

// The character of each byte, in UTF-8 (one or two bytes).
const std::array<std::string, 256>& byte_characters();

// Appends the bytes that the characters of `token` stand for; those of `token` itself if one stands for none.
void append_bytes(std::string_view token, std::string& out);

// Replaces what is not valid UTF-8 by U+FFFD, one for each longest beginning of a character (Unicode 3.9, as the
// reference does).
std::string valid_utf8(std::string_view bytes);

}  // namespace thaw
