// SPDX-License-Identifier: Apache-2.0
// Nearest texts by an inverted index: of each term the texts that have it.
#include "examples/data/nearest_text.h"

#include <algorithm>
#include <stdexcept>

#include "examples/data/tfidf.h"

namespace thaw {

std::vector<size_t> nearest_texts(const std::vector<std::string>& texts, const std::vector<std::string>& queries) {
  if (texts.empty()) throw std::invalid_argument("nearest_texts: no texts");
  const Tfidf tfidf(texts);
  const SparseMatrix known = tfidf.transform(texts), asked = tfidf.transform(queries);
  struct Posting {
    size_t text;
    double value;
  };
  std::vector<std::vector<Posting>> index(static_cast<size_t>(known.columns));
  for (size_t text = 0; text < known.rows.size(); ++text)
    for (const SparseEntry& entry : known.rows[text])
      index[static_cast<size_t>(entry.column)].push_back({text, entry.value});
  std::vector<size_t> nearest;
  nearest.reserve(queries.size());
  std::vector<double> cosines(texts.size());  // rows have length 1
  for (const auto& row : asked.rows) {
    std::fill(cosines.begin(), cosines.end(), 0.0);
    for (const SparseEntry& entry : row)
      for (const Posting& posting : index[static_cast<size_t>(entry.column)])
        cosines[posting.text] += entry.value * posting.value;
    nearest.push_back(static_cast<size_t>(std::max_element(cosines.begin(), cosines.end()) - cosines.begin()));
  }
  return nearest;
}

}  // namespace thaw
