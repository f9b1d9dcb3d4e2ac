// SPDX-License-Identifier: Apache-2.0
// Splits rows into train, validation and test by a hash of what groups them, so that related rows never straddle two
// splits.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace thaw {

enum class Split { train, validation, test };

inline constexpr std::array<Split, 3> all_splits = {Split::train, Split::validation, Split::test};

// "train", "validation" or "test".
std::string split_name(Split split);

// The number that SHA-256 of `key` is (big-endian), modulo 1000.
int hash_mod_1000(std::string_view key);

// hash_mod_1000(key) < 100: test; 100..199: validation; the rest: train. The same on every machine, whatever the other
// rows are.
Split split_of(std::string_view key);

}  // namespace thaw
