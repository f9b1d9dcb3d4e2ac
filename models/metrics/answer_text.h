// SPDX-License-Identifier: Apache-2.0
// The form in which SQuAD's scripts compare answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// In lower case as Python's str.lower() writes it, without the punctuation of ASCII, without the words a, an and the,
// one blank between words and none at the ends. The text must be valid UTF-8.
std::string normalized_answer(std::string_view text);

// The words of that.
std::vector<std::string> answer_words(std::string_view text);

}  // namespace thaw
