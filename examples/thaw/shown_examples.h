// SPDX-License-Identifier: Apache-2.0
// Examples in a terminal: tokens in wrapped lines, those that the loss is about marked.
#pragma once

#include <cstddef>
#include <string>

#include "models/tasks/task_model.h"

namespace thaw {

struct ShownLook {
  size_t width = 100;  // of a line, in characters
  bool color = false;  // marks by colour; else by a star
  // Of the terminal that standard output is, with colour unless NO_COLOR (not empty) says no; else as above.
  static ShownLook of_standard_output();
};

// Lines: where the example is, its tokens' number (of what is no text, what it is) and its label; the tokens, with
// "->LABEL" behind those that have one; what was cut. Tokens that show nothing, or could be taken for a mark, are in
// quotes.
std::string shown_text(const ShownExample& example, const ShownLook& look);

// What the marks mean.
std::string marks_text(const ShownLook& look);

}  // namespace thaw
