// SPDX-License-Identifier: Apache-2.0
// ROUGE (Lin 2004): how much of a reference is found in a text, and of the text in the reference, as the rouge-score
// library counts: words are runs of a-z and 0-9 of the text in lower case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/metrics/precision_recall.h"

namespace thaw {

struct RougeOptions {
  bool stem = false;  // words of more than 3 characters without their endings (porter_stem.h)
};

// The words of a text, in order. std::invalid_argument if it is not valid UTF-8.
std::vector<std::string> rouge_words(std::string_view text, const RougeOptions& options = {});

// Support and predicted are numbers of n-grams, or of words.
struct RougeScores {
  PrecisionRecall rouge1, rouge2;  // of words and of pairs of words
  PrecisionRecall rougeL;          // of the longest common subsequence
  PrecisionRecall rougeLsum;       // of its union over the lines of the two texts
};

// Each score is that against the reference with the best F1 in it, the first of equal ones. Throws
// std::invalid_argument if there are no references, or a text is not valid UTF-8.
RougeScores rouge(std::string_view predicted, const std::vector<std::string>& references,
                  const RougeOptions& options = {});

// Means over texts; sums add up, text by text or batch by batch.
class RougeTotals {
 public:
  void add(const RougeScores& scores);
  RougeTotals& operator+=(const RougeTotals& other);

  int64_t texts() const { return texts_; }
  RougeScores means() const;  // 0 of none

 private:
  RougeScores sums_;
  int64_t texts_ = 0;
};

}  // namespace thaw
