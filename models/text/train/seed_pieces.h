// SPDX-License-Identifier: Apache-2.0
// The pieces that training of a Unigram vocabulary begins with: frequent substrings (Kudo 2018, arXiv:1804.10959).
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "models/text/train/piece_runs.h"

namespace thaw {

struct SeedPiece {
  std::string text;
  double score = 0;  // how often it is there, times its length in characters
};

// All characters; then those substrings of the runs of at most 16 characters that are there at least twice and cannot
// be longer without being there less often, and whole runs: at most `most` of these, by their scores.
std::vector<SeedPiece> find_seed_pieces(const PieceRuns& runs, size_t most);

}  // namespace thaw
