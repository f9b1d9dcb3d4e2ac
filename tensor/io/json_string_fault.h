// SPDX-License-Identifier: Apache-2.0
// What is wrong with the strings of a text that is nearly JSON, and where.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace thaw {

struct JsonStringFault {
  size_t offset = 0;  // of the byte where the fault begins
  std::string what;   // "a string with a bad escape: \x"
};

// The first string with a control character, a bad escape, half of a surrogate pair, or without an end.
std::optional<JsonStringFault> find_string_fault(std::string_view text);

}  // namespace thaw
