// SPDX-License-Identifier: Apache-2.0
// Counted in hash maps of views: no n-gram is copied.
#include "models/metrics/ngrams.h"

#include <algorithm>
#include <cstddef>

namespace thaw {

NgramCounts count_ngrams(std::u32string_view units, int64_t n) {
  const auto length = static_cast<size_t>(n);
  NgramCounts counts;
  if (units.size() < length) return counts;
  counts.reserve(units.size() - length + 1);
  for (size_t i = 0; i + length <= units.size(); ++i) ++counts[units.substr(i, length)];
  return counts;
}

MatchCounts match_ngrams(const NgramCounts& predicted, const NgramCounts& truth) {
  MatchCounts counts;
  for (const auto& [ngram, count] : truth) counts.truth += count;
  for (const auto& [ngram, count] : predicted) {
    counts.predicted += count;
    if (const auto found = truth.find(ngram); found != truth.end()) counts.matched += std::min(count, found->second);
  }
  return counts;
}

}  // namespace thaw
