// SPDX-License-Identifier: Apache-2.0
// How much of a written text is copied from what it was written for: no quality, but what tells an abstract from an
// extract (Rothe et al. 2020 print it beside ROUGE).
#pragma once

#include <cstdint>
#include <string_view>

namespace thaw {

// Counts add up, text by text or batch by batch.
struct CopiedWords {
  int64_t copied = 0, words = 0;

  CopiedWords& operator+=(const CopiedWords& other) {
    copied += other.copied;
    words += other.words;
    return *this;
  }
  double rate() const { return words > 0 ? static_cast<double>(copied) / static_cast<double>(words) : 0; }  // 0 of none
};

// Words as ROUGE's, that are anywhere in the source. std::invalid_argument if a text is not valid UTF-8.
CopiedWords copied_words(std::string_view written, std::string_view source);

}  // namespace thaw
