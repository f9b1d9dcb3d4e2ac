// SPDX-License-Identifier: Apache-2.0
// TF-IDF over single words and pairs of neighbours: the features of the classical baseline.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "examples/data/sparse.h"

namespace thaw {

// The words of a text in lower case: runs of letters, digits and underscores of at least two characters (UTF-8).
std::vector<std::string> words_of(std::string_view text);

// value(t, d) = (1 + ln tf(t, d)) * (1 + ln((1 + n) / (1 + df(t)))), each row scaled to length 1; tf: how often term t
// is in text d, df: how many of the n fitted texts have it. What scikit-learn's TfidfVectorizer(ngram_range=(1, 2),
// sublinear_tf=True) computes.
class Tfidf {
 public:
  explicit Tfidf(const std::vector<std::string>& texts);

  // One row a text. Terms that no fitted text has are left out.
  SparseMatrix transform(const std::vector<std::string>& texts) const;

  // The column of a term ("word" or "word word"), or -1.
  int column(const std::string& term) const;

 private:
  std::unordered_map<std::string, int> columns_;
  std::vector<double> idf_;
};

}  // namespace thaw
