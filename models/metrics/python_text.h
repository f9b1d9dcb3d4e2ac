// SPDX-License-Identifier: Apache-2.0
// Texts as Python's str takes them: scores that Python programs define are made of these.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// Throws std::invalid_argument if the text is not valid UTF-8.
std::u32string code_points(std::string_view text);
std::string utf8_of(std::u32string_view codes);

// str.lower().
std::u32string lower_case_text(const std::u32string& text);

// What str.split() splits at: White_Space of Unicode, and four separators of ASCII.
bool is_python_blank(char32_t code);

// str.split(): the runs without a blank, none of them empty. They point into the text, which must be valid UTF-8.
std::vector<std::string_view> split_at_blanks(std::string_view text);

}  // namespace thaw
