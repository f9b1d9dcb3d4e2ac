// SPDX-License-Identifier: Apache-2.0
// Rounds of expectation, maximization and pruning.
#include "models/text/train/unigram_trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "models/text/train/piece_runs.h"
#include "models/text/train/seed_pieces.h"
#include "models/text/train/unigram_lattice.h"

namespace thaw {

namespace {

using Pieces = std::vector<ScoredPiece>;

// The derivative of the logarithm of the gamma function, for x > 0: its recurrence, then its asymptotic series.
double digamma(double x) {
  double sum = 0;
  for (; x < 7; ++x) sum -= 1 / x;
  const double square = 1 / (x * x);
  return sum + std::log(x) - .5 / x - square * (1. / 12 - square * (1. / 120 - square / 252));
}

size_t characters(const std::string& text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

Pieces first_pieces(const PieceRuns& runs, size_t most) {
  Pieces pieces;
  double sum = 0;
  for (SeedPiece& seed : find_seed_pieces(runs, most)) {
    sum += seed.score;
    pieces.push_back({std::move(seed.text), seed.score});
  }
  for (ScoredPiece& piece : pieces) piece.score = std::log(piece.score) - std::log(sum);
  return pieces;
}

// Scores from expected counts: exp(digamma(count)) instead of the count, as of a Dirichlet prior, takes from what is
// rare. Pieces that are hardly expected go, characters stay.
Pieces maximized(Pieces pieces, const std::vector<double>& counts) {
  constexpr double least = .5;
  double sum = 0;
  Pieces kept;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const bool is_character = characters(pieces[i].text) == 1;
    if (counts[i] < least && !is_character) continue;
    const double count = std::max(counts[i], least);
    sum += count;
    kept.push_back({std::move(pieces[i].text), digamma(count)});
  }
  const double log_sum = digamma(sum);
  for (ScoredPiece& piece : kept) piece.score -= log_sum;
  return kept;
}

// What the logarithm of the likelihood loses with each piece: where the best cuts have it, they would have the best cut
// of its text instead. Infinite for what must stay, negative for what no cut would ever have.
std::vector<double> losses(const Pieces& pieces, const UnigramLattice& lattice, const std::vector<double>& counts) {
  double sum = 0;
  for (const double count : counts) sum += count;
  std::vector<double> out(pieces.size(), std::numeric_limits<double>::infinity());
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (characters(pieces[i].text) == 1) continue;
    const UnigramLattice::Cut cut = lattice.best_without(static_cast<int32_t>(i), pieces[i].text);
    if (counts[i] == 0) {
      out[i] = pieces[i].score - cut.score > 0 ? 0 : -1;
      continue;
    }
    const double before = std::log(counts[i] / sum);
    const double sum_after = sum + counts[i] * static_cast<double>(cut.pieces.size() - 1);
    double after = 0;
    for (const int32_t piece : cut.pieces)
      after += std::log((counts[static_cast<size_t>(piece)] + counts[i]) / sum_after);
    out[i] = std::max(0., counts[i] * (before - after));
  }
  return out;
}

// The `size` pieces whose loss is greatest, in their order.
Pieces pruned(Pieces pieces, const std::vector<double>& losses, size_t size) {
  std::vector<size_t> order(pieces.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, std::ranges::greater(), [&](size_t i) { return losses[i]; });
  while (!order.empty() && losses[order.back()] < 0) order.pop_back();
  order.resize(std::min(order.size(), size));
  std::ranges::sort(order);
  Pieces kept;
  for (const size_t i : order) kept.push_back(std::move(pieces[i]));
  return kept;
}

// Characters, and of the others the best.
Pieces final_pieces(Pieces pieces, size_t size) {
  std::ranges::sort(pieces, [](const ScoredPiece& a, const ScoredPiece& b) {
    return a.score != b.score ? a.score > b.score : a.text < b.text;
  });
  size_t others = size;
  for (const ScoredPiece& piece : pieces)
    if (characters(piece.text) == 1 && others > 0) --others;
  std::erase_if(pieces, [&](const ScoredPiece& piece) {
    if (characters(piece.text) == 1) return false;
    if (others == 0) return true;
    --others;
    return false;
  });
  return pieces;
}

}  // namespace

std::vector<ScoredPiece> train_unigram(const std::vector<std::pair<std::string, uint64_t>>& words,
                                       const UnigramTraining& training) {
  constexpr double surplus = 1.1;  // pruning ends with some more pieces, of which the best scores decide
  const PieceRuns runs = cut_into_runs(words, training.character_coverage);
  Pieces pieces = first_pieces(runs, training.seed_size);
  const auto goal = static_cast<size_t>(surplus * static_cast<double>(training.vocabulary_size));
  while (true) {
    for (int step = 0; step < training.steps; ++step) {
      const std::vector<double> counts = UnigramLattice(pieces).expected_counts(runs.runs);
      pieces = maximized(std::move(pieces), counts);
    }
    if (pieces.size() <= goal) break;
    const size_t before = pieces.size();
    const auto left = static_cast<size_t>(training.shrinking_factor * static_cast<double>(before));
    const UnigramLattice lattice(pieces);
    const std::vector<double> lost = losses(pieces, lattice, lattice.best_counts(runs.runs));
    pieces = pruned(std::move(pieces), lost, std::max(goal, left));
    if (pieces.size() == before) break;  // characters alone
  }
  return final_pieces(std::move(pieces), training.vocabulary_size);
}

}  // namespace thaw
