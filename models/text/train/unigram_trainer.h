// SPDX-License-Identifier: Apache-2.0
// Makes the vocabulary of a Unigram tokenizer from counted words: from many pieces those are left that the texts'
// likelihood needs most (Kudo 2018, arXiv:1804.10959).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/text/unigram_model.h"

namespace thaw {

struct UnigramTraining {
  size_t vocabulary_size = 8000;      // pieces
  double character_coverage = .9995;  // share of all characters that the kept ones make up
  size_t seed_size = 1'000'000;       // pieces that training begins with, at most
  double shrinking_factor = .75;      // of the pieces that many are left in each round
  int steps = 2;                      // of expectation and maximization in each round
};

// Words begin with U+2581, which is a character like any other. Pieces by falling scores (logarithms of probabilities),
// of equals in the order of their bytes: every covered character, and of the others the best; fewer than
// `vocabulary_size` if the words have no more, more if they have more characters. The result does not depend on the
// number of threads.
std::vector<ScoredPiece> train_unigram(const std::vector<std::pair<std::string, uint64_t>>& words,
                                       const UnigramTraining& training);

}  // namespace thaw
