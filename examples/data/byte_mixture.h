// SPDX-License-Identifier: Apache-2.0
// What counting bytes knows of texts: the baseline of a language model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace thaw {

// The probability of a byte behind the `order` bytes before it, mixed with what fewer bytes say by how many different
// bytes were seen there (Witten and Bell 1991, as interpolation). Fewer bytes count it only where more bytes had not
// seen it yet (Moffat 1990: update exclusion). A text begins behind an end, and ends with one.
class ByteMixture {
 public:
  explicit ByteMixture(int order) : order_(order) {}

  void learn(std::string_view text);
  // -log2 p of the text and its end.
  double bits(std::string_view text) const;

 private:
  struct Context {
    uint32_t total = 0, distinct = 0;
  };
  double probability(std::string_view text, size_t at) const;

  int order_;
  std::unordered_map<uint64_t, uint32_t> counts_;   // of a byte behind a context, by a hash of both
  std::unordered_map<uint64_t, Context> contexts_;  // by a hash
};

}  // namespace thaw
