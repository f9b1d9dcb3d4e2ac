// SPDX-License-Identifier: Apache-2.0
// Cells and numbers.
#include "models/tasks/prediction_text.h"

#include <algorithm>
#include <cmath>

#include "tensor/check.h"

namespace thaw {

std::string tsv_cell(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

double rounded(double x) { return std::round(x * 1e6) / 1e6; }

void fail_of_overflow(const std::string& where, std::string_view what) {
  fail("{}: the model's numbers for this {} overflow: its output is not finite (NaN or infinity)", where, what);
}

}  // namespace thaw
