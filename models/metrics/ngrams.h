// SPDX-License-Identifier: Apache-2.0
// N-grams of texts, and how many two texts share. Units are code points, or words by their numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "models/metrics/precision_recall.h"

namespace thaw {

// Gives each word a number, from 0 in the order in which they come: a text of words becomes a string of numbers.
class WordNumbers {
 public:
  template <typename Words>
  std::u32string operator()(const Words& words) {
    std::u32string units;
    units.reserve(words.size());
    for (const auto& word : words)
      units += numbers_.try_emplace(std::string(word), static_cast<char32_t>(numbers_.size())).first->second;
    return units;
  }

 private:
  std::unordered_map<std::string, char32_t> numbers_;
};

// How often each run of n units occurs; keys point into `units`.
using NgramCounts = std::unordered_map<std::u32string_view, int64_t>;
NgramCounts count_ngrams(std::u32string_view units, int64_t n);

// The n-grams of both, and how many are matched: each as often as it is in the one that has it less often.
MatchCounts match_ngrams(const NgramCounts& predicted, const NgramCounts& truth);

}  // namespace thaw
