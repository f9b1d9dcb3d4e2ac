// SPDX-License-Identifier: Apache-2.0
// BERT's normalizer: cleaning, spaces around CJK ideographs, accents off, lower case, in this order.
#pragma once

#include <optional>
#include <string_view>

#include "models/text/normalized_text.h"

namespace thaw {

struct BertNormalizer {
  bool clean_text = true;             // drop controls, NUL and U+FFFD; any whitespace becomes a space
  bool handle_chinese_chars = true;   // a space before and after each CJK ideograph
  std::optional<bool> strip_accents;  // canonical decomposition without category Mn; absent: follows `lowercase`
  bool lowercase = true;

  // Replaces `out` by the normalized piece, whose first code point is number `first` of the original text.
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const;
};

}  // namespace thaw
