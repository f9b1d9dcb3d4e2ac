// SPDX-License-Identifier: Apache-2.0
// How deep in brackets a place in JSON is, before it is parsed: to tell what kind of text it is.
#pragma once

#include <cstdint>

namespace thaw {

class JsonBrackets {
 public:
  // Goes on over the next byte; brackets in strings do not count.
  void add(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (in_string_ && c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = !in_string_;
    } else if (!in_string_) {
      depth_ += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    }
  }
  int64_t depth() const { return depth_; }  // opened and not yet closed
  bool in_string() const { return in_string_; }

 private:
  int64_t depth_ = 0;
  bool in_string_ = false, escaped_ = false;
};

}  // namespace thaw
