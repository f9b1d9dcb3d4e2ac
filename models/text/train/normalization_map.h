// SPDX-License-Identifier: Apache-2.0
// The character map of a new spiece.model.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace thaw {

// The bytes of a CharacterMap with these entries: text -> what stands in its place, which may be empty, without NULs.
// std::invalid_argument if an entry is empty or there twice.
std::string character_map_bytes(std::vector<std::pair<std::string, std::string>> entries);

// What sentencepiece calls nmt_nfkc, of Unicode 9: NFKC; controls go; tabs, line ends, blanks of other widths, U+FEFF,
// U+FFFD and U+2581 become blanks. Pairs of letter and accent that have a character of their own become it.
const std::string& nmt_nfkc_map();

}  // namespace thaw
