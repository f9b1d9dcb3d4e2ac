// SPDX-License-Identifier: Apache-2.0
// The part of a text that offsets name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "models/text/normalized_text.h"
#include "tensor/utf8.h"

namespace thaw {

// The code points of a text (valid UTF-8) from place.begin to place.end, which lie within it.
inline std::string text_at(const std::string& text, TextSpan place) {
  size_t begin = 0;
  for (uint32_t i = 0; i < place.begin; ++i) next_code_point(text, begin);
  size_t end = begin;
  for (uint32_t i = place.begin; i < place.end; ++i) next_code_point(text, end);
  return text.substr(begin, end - begin);
}

}  // namespace thaw
