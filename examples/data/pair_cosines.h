// SPDX-License-Identifier: Apache-2.0
// Do two texts belong together? By the cosine of their TF-IDF vectors: the baseline of next sentences.
#pragma once

#include <string>
#include <vector>

#include "examples/data/sparse.h"

namespace thaw {

struct TextPairs {
  std::vector<std::string> first, second;
  std::vector<bool> together;
};

// The vectors are fitted on the texts of `train`, and so is the cosine from which on two belong together: that which is
// right most often. The share of `test` for which it is right. std::invalid_argument if either is empty.
double pair_cosine_accuracy(const TextPairs& train, const TextPairs& test);

// Of rows of the same length: the sum of products.
double dot(const std::vector<SparseEntry>& a, const std::vector<SparseEntry>& b);

}  // namespace thaw
