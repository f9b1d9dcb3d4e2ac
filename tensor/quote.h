// SPDX-License-Identifier: Apache-2.0
// Names and texts of strangers in messages: short, on one line, with nothing that a terminal obeys or hides.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

constexpr size_t quote_limit = 60;  // bytes between the quotes

// In quotes. Escaped are controls, characters that show nothing or look like a blank (U+00A0, U+200B, U+202E, ...) and
// bytes that are not UTF-8; what is longer than `limit` ends in "...".
std::string quote(std::string_view text, size_t limit = quote_limit);
// The same with an escape for everything beyond ASCII, for texts that differ in nothing that can be seen.
std::string quote_ascii(std::string_view text, size_t limit = quote_limit);

// As it is where it can be read without quotes, else quote().
std::string quote_if_odd(std::string_view text);
// "a, b, c and 5 more": as many as fit some 400 bytes, at most 20; each quoted if it is odd.
std::string listed(const std::vector<std::string>& names);

// A whole message: only what a terminal would obey is escaped, a line break becomes a blank.
std::string one_line(std::string_view message);

}  // namespace thaw
