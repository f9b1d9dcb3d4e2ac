// SPDX-License-Identifier: Apache-2.0
// Labels that a reader would take for one: they differ in blanks, in characters that show nothing, in case, in Unicode
// form, or in how a number is written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

struct LookAlike {
  size_t first = 0, second = 0;  // of the names
  std::string difference;        // "by blanks only"
};

// Each name that looks like one before it, beside the first such. The names must be valid UTF-8.
std::vector<LookAlike> look_alikes(const std::vector<std::string>& names);

// Both in quotes that let the difference be seen.
std::string quoted_pair(std::string_view a, std::string_view b);  // "a" and "b"

// "it differs from "pos" by blanks only" for the first of `names` that looks like `name`; empty if none does.
std::string look_alike_among(std::string_view name, const std::vector<std::string>& names);

// Blanks at an end, or characters that show nothing.
bool has_unseen(std::string_view name);

}  // namespace thaw
