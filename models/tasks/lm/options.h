// SPDX-License-Identifier: Apache-2.0
// What a caller may say of learning what comes next. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace thaw {

struct LmOptions {
  std::string text_column = "text";
  std::string prompt_column;             // what stands before the text; empty: there is none
  std::string prompt_separator = " ";    // between the two, a part of the text
  std::optional<bool> mask_prompt = {};  // the prompt is read, and not learnt; absent: true
  std::string text_separator = "line";   // of plain text: a text a "line", or with a "blank_line" between two
  std::string document_tokens = "both";  // the tokenizer's own around a text: "both", "begin", "end", "none"
  int64_t stride = 0;                    // tokens that a window of a long text has in common with the one before
};

}  // namespace thaw
