// SPDX-License-Identifier: Apache-2.0
// All the ways to cut runs into pieces, for training of Unigram.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/text/train/piece_runs.h"
#include "models/text/trie.h"
#include "models/text/unigram_model.h"

namespace thaw {

class UnigramLattice {
 public:
  // Every character of the runs is among the pieces.
  explicit UnigramLattice(const std::vector<ScoredPiece>& pieces);

  // How often each piece is to be expected in the runs, over all ways to cut them by their probabilities: the forward
  // and backward sums of Kudo 2018. In f64, the runs in a fixed number of parts that threads share.
  std::vector<double> expected_counts(std::span<const PieceRun> runs) const;

  // How often each piece is in the best cuts of the runs.
  std::vector<double> best_counts(std::span<const PieceRun> runs) const;

  // The best cut of a piece's text into other pieces than itself; empty if there is none. `score`: its sum.
  struct Cut {
    std::vector<int32_t> pieces;
    double score = 0;
  };
  Cut best_without(int32_t piece, std::string_view text) const;

 private:
  struct Edge {
    uint32_t begin, end;
    int32_t piece;
  };
  struct Scratch {
    std::vector<Edge> edges;
    std::vector<double> forward, backward;
    std::vector<int32_t> best;  // edge that ends here
  };
  void find_edges(std::string_view text, std::vector<Edge>& edges) const;
  bool find_best(std::string_view text, int32_t without, Scratch& scratch) const;
  void add_expected(const PieceRun& run, Scratch& scratch, std::vector<double>& counts) const;
  void add_best(const PieceRun& run, Scratch& scratch, std::vector<double>& counts) const;
  template <typename Add>
  std::vector<double> sum_over(std::span<const PieceRun> runs, const Add& add) const;

  Trie trie_;
  std::vector<double> scores_, probabilities_;  // by piece
};

}  // namespace thaw
