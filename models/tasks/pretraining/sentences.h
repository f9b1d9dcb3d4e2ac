// SPDX-License-Identifier: Apache-2.0
// Where the sentences of a text begin.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace thaw {

// The code points, by number, behind which sentences end, the end of the text not among them. A sentence ends at a line
// break, and behind ". ", "! " or "? " (quotes and brackets may close before the blank), unless a small letter of ASCII
// follows: "e.g. this" goes on. The text is valid UTF-8.
std::vector<size_t> sentence_ends(std::string_view text);

}  // namespace thaw
