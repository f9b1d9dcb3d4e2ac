// SPDX-License-Identifier: Apache-2.0
// The longest common subsequence of two sequences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace thaw {

// Its length, in memory of one row.
int64_t common_length(std::u32string_view a, std::u32string_view b);

// The places in `a` of one such subsequence, ascending; of several it is the one that rouge-score finds. Memory: a bit
// for each pair of units.
std::vector<size_t> common_places(std::u32string_view a, std::u32string_view b);

}  // namespace thaw
