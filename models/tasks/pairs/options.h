// SPDX-License-Identifier: Apache-2.0
// What a caller may say of pairs of things and texts. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <string>

#include "models/input/input_kind.h"

namespace thaw {

struct PairOptions {
  InputKind files = InputKind::pictures;  // what is paired with texts: pictures, sounds
  std::string file_column;                // of their paths (Medium::column)
  std::string text_column = "text";

  // Of predictions: a file of texts of which the best are told of each picture, or one of pictures of which the best
  // are told of each text; and of how many.
  std::string candidates, file_candidates;
  int64_t top = 1;
};

}  // namespace thaw
