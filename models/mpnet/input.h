// SPDX-License-Identifier: Apache-2.0
// Packed texts as MPNet takes them: BERT's, with positions counted as the reference library does.
#pragma once

#include <span>
#include <vector>

#include "models/bert/input.h"

namespace thaw {

// A text's tokens stand at positions 2, 3, ..., but for a padding token that is in it: that one is at position 1, and
// the next one at the position it would have had.
struct MPNetInput : BertInput {
  // Errors as in PackedText.
  static MPNetInput from_encodings(std::span<const Encoding* const> encodings, Device device);
  static MPNetInput from_encodings(const std::vector<Encoding>& encodings, Device device);
  static MPNetInput from_padded(const PaddedText& padded, Device device);

  MPNetInput() = default;
  explicit MPNetInput(BertInput text);
};

}  // namespace thaw
