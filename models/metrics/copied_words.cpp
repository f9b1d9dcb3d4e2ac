// SPDX-License-Identifier: Apache-2.0
// Looks words up in their source.
#include "models/metrics/copied_words.h"

#include <string>
#include <unordered_set>
#include <vector>

#include "models/metrics/rouge.h"

namespace thaw {

CopiedWords copied_words(std::string_view written, std::string_view source) {
  const std::vector<std::string> there = rouge_words(source);
  const std::unordered_set<std::string> known(there.begin(), there.end());
  CopiedWords counts;
  for (const std::string& word : rouge_words(written)) {
    ++counts.words;
    counts.copied += known.contains(word);
  }
  return counts;
}

}  // namespace thaw
