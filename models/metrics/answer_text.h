// SPDX-License-Identifier: Apache-2.0
// The form in which SQuAD's scripts compare answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// The words of a text in lower case as Python's str.lower() writes it, without the punctuation of ASCII, without a, an
// and the. The text must be valid UTF-8.
std::vector<std::string> answer_words(std::string_view text);

}  // namespace thaw
