// SPDX-License-Identifier: Apache-2.0
// The words of package descriptions: their beginnings, words without capitals, words apart from the marks
// around them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// A word without capitals; letters beyond ASCII stay.
std::string in_small_letters(std::string word);

// The first `count` words of a text, one space between them. A no-break space (U+00A0) separates words too.
std::string first_words(std::string text, int count);

// The words of a text with the ASCII marks before and behind them as words of their own: "(see gcc-12's)." is
// "(", "see", "gcc-12", "'s", ")", ".". What stands inside a word stays ("node.js", "C++", "package(s)").
std::vector<std::string> words_and_marks(std::string_view text);

}  // namespace thaw
