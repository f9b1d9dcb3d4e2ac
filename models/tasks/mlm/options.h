// SPDX-License-Identifier: Apache-2.0
// What a caller may say of learning masked words. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

struct MlmOptions {
  std::string text_column = "text";
  double mlm_probability = 0.15;  // share of a text's tokens that are to be found again
  bool token_mask = false;        // tokens are drawn one by one, not whole words

  // Of predictions.
  int64_t top_k = 5;  // words for each mask
};

}  // namespace thaw
