// SPDX-License-Identifier: Apache-2.0
// How predictions are written, whatever they are.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// A cell of TSV, which has no quotes: a tab or a line break becomes a space.
std::string tsv_cell(std::string text);

// A few digits, and the number that they are.
double rounded(double x);

// std::runtime_error: the model's numbers for what stands there, a "text", overflow. Its weights are finite, so its
// sums were not.
[[noreturn]] void fail_of_overflow(const std::string& where, std::string_view what = "text");

}  // namespace thaw
