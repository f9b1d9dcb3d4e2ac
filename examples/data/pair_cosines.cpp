// SPDX-License-Identifier: Apache-2.0
// Cosines, and the threshold that parts them best.
#include "examples/data/pair_cosines.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "examples/data/tfidf.h"
#include "tensor/check.h"

namespace thaw {
namespace {

std::vector<double> cosines(const Tfidf& tfidf, const TextPairs& pairs) {
  const SparseMatrix first = tfidf.transform(pairs.first), second = tfidf.transform(pairs.second);
  std::vector<double> all;
  for (size_t i = 0; i < first.rows.size(); ++i) all.push_back(dot(first.rows[i], second.rows[i]));
  return all;
}

double best_threshold(const std::vector<double>& cosines, const std::vector<bool>& together) {
  std::vector<std::pair<double, bool>> sorted;
  for (size_t i = 0; i < cosines.size(); ++i) sorted.emplace_back(cosines[i], together[i]);
  std::ranges::sort(sorted);
  // From a threshold below all on: those that belong together are right.
  auto right = std::ranges::count(together, true);
  auto most = right;
  double best = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < sorted.size(); ++i) {
    right += sorted[i].second ? -1 : 1;
    const bool next_is_larger = i + 1 == sorted.size() || sorted[i + 1].first > sorted[i].first;
    if (next_is_larger && right > most) {
      most = right;
      best = i + 1 < sorted.size() ? sorted[i + 1].first : std::numeric_limits<double>::infinity();
    }
  }
  return best;
}

}  // namespace

double dot(const std::vector<SparseEntry>& a, const std::vector<SparseEntry>& b) {
  double sum = 0;
  auto other = b.begin();
  for (const SparseEntry& entry : a) {
    while (other != b.end() && other->column < entry.column) ++other;
    if (other != b.end() && other->column == entry.column) sum += entry.value * other->value;
  }
  return sum;
}

double pair_cosine_accuracy(const TextPairs& train, const TextPairs& test) {
  check(!train.first.empty() && !test.first.empty(), "there are no pairs");
  std::vector<std::string> texts = train.first;
  texts.insert(texts.end(), train.second.begin(), train.second.end());
  const Tfidf tfidf(texts);
  const double threshold = best_threshold(cosines(tfidf, train), train.together);
  const std::vector<double> judged = cosines(tfidf, test);
  size_t right = 0;
  for (size_t i = 0; i < judged.size(); ++i) right += (judged[i] >= threshold) == test.together[i];
  return static_cast<double>(right) / static_cast<double>(judged.size());
}

}  // namespace thaw
