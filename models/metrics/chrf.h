// SPDX-License-Identifier: Apache-2.0
// chrF (Popovic 2015) and chrF++ (Popovic 2017): F-scores of n-grams of characters, and of words, as sacrebleu computes
// them. Case is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/metrics/precision_recall.h"

namespace thaw {

struct ChrfOptions {
  int64_t char_order = 6;
  int64_t word_order = 0;      // 2: chrF++
  int64_t beta = 2;            // how much more recall weighs than precision
  bool with_blanks = false;    // n-grams of characters have blanks in them
  bool eps_smoothing = false;  // the mean of each order's F-score, an order without n-grams near 0, as chrF++.py has
                               // it; else of the mean precision and recall over orders that both sides have n-grams of
};

// What is counted of a text, or of many by the same options: of each order of characters, then of words. Counts add up.
struct ChrfCounts {
  std::vector<MatchCounts> orders;

  ChrfCounts& operator+=(const ChrfCounts& other);
};

// Against the reference with the best score, the first of equal ones. Throws std::invalid_argument if there are no
// references, or a text is not valid UTF-8.
ChrfCounts chrf_counts(std::string_view predicted, const std::vector<std::string>& references,
                       const ChrfOptions& options = {});

// In percent; 0 of nothing.
double chrf(const ChrfCounts& counts, const ChrfOptions& options = {});

// What sacrebleu calls this score. references: how many each text has; 0: not all the same number.
std::string chrf_signature(int64_t references, const ChrfOptions& options = {});

}  // namespace thaw
