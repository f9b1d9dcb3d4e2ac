// SPDX-License-Identifier: Apache-2.0
// The stretches of words that pieces of a Unigram vocabulary may be made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace thaw {

// A stretch of a word within which pieces may lie, and how often it is there.
struct PieceRun {
  std::string text;
  uint64_t count = 0;
};

// Words cut as sentencepiece lets pieces end by default: where the script changes (digits and marks are of a script of
// their own, an accent is of that of its letter) and before U+2581, which goes with what follows. Characters beyond
// `coverage` are left out and end a run: the most frequent ones are kept whose counts make up this share of all. A run
// has at most 32 characters. `characters`: those that are kept, with their counts, in the order of their code points.
struct PieceRuns {
  std::vector<PieceRun> runs;  // each once, in the order of their bytes
  std::vector<std::pair<std::string, uint64_t>> characters;
};
PieceRuns cut_into_runs(const std::vector<std::pair<std::string, uint64_t>>& words, double coverage);

}  // namespace thaw
