// SPDX-License-Identifier: Apache-2.0
// A piece of text after normalization, which remembers where each byte came from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/utf8.h"

namespace thaw {

// Code points [begin, end) of the original text.
struct TextSpan {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool operator==(const TextSpan&) const = default;
};

struct NormalizedText {
  std::string text;              // UTF-8
  std::vector<TextSpan> source;  // for every byte of `text`, the original code points that it stems from

  void clear() {
    text.clear();
    source.clear();
  }
  void append(char32_t code, TextSpan from) {
    if (code < 0x80) {
      text.push_back(static_cast<char>(code));
    } else {
      append_utf8(text, code);
    }
    source.resize(text.size(), from);
  }
  // Original code points of the bytes [begin, end), which must not be empty.
  TextSpan original(size_t begin, size_t end) const { return {source[begin].begin, source[end - 1].end}; }
};

}  // namespace thaw
