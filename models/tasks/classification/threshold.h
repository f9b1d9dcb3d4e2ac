// SPDX-License-Identifier: Apache-2.0
// The probability above which one of several labels counts as predicted: one threshold for all labels.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace thaw {

constexpr double even_threshold = 0.5;                   // likelier than not
constexpr const char* searched_threshold_word = "auto";  // asks for search_threshold()

// A number in (0, 1); nothing if the text is none.
std::optional<double> parse_threshold(const std::string& text);

// A label is predicted where its logit is above this, of a probability in (0, 1): exactly 0 of 1/2.
double logit_of(double probability);

struct ThresholdSearch {
  double threshold = even_threshold;
  double micro_f1 = 0;       // with it
  double even_micro_f1 = 0;  // with even_threshold
};

// The threshold with the best micro F1 over these cells (a text and a label each), all cuts between their probabilities
// tried: in the middle between two neighbours, below the least in the middle between 0 and it. even_threshold where
// none is better; of equals the one nearest to it. logits and truth (above 1/2: has the label) are of one length. Where
// a logit is not finite there is nothing to search: both scores are NaN.
ThresholdSearch search_threshold(std::span<const float> logits, std::span<const double> truth);

}  // namespace thaw
