// SPDX-License-Identifier: Apache-2.0
// Edges of a lattice are found in the order of their beginnings, so that one walk over them gives forward sums, one
// back the backward sums. Runs are short: products of probabilities do not leave f64.
#include "models/text/train/unigram_lattice.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <string>
#include <thread>

namespace thaw {

namespace {

constexpr size_t parts = 16;  // of the runs, each summed by itself: the sums are the same with any number of threads

bool is_boundary(std::string_view text, size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80; }

}  // namespace

UnigramLattice::UnigramLattice(const std::vector<ScoredPiece>& pieces) {
  std::vector<std::string> texts;
  for (const ScoredPiece& piece : pieces) {
    texts.push_back(piece.text);
    scores_.push_back(piece.score);
    probabilities_.push_back(std::exp(piece.score));
  }
  trie_ = Trie(texts);
}

void UnigramLattice::find_edges(std::string_view text, std::vector<Edge>& edges) const {
  edges.clear();
  const auto size = static_cast<uint32_t>(text.size());
  for (uint32_t begin = 0; begin < size; ++begin) {
    if (!is_boundary(text, begin)) continue;
    uint32_t node = Trie::root;
    for (uint32_t at = begin; at < size && (node = trie_.step(node, text[at])) != Trie::none; ++at)
      if (const int32_t piece = trie_.value(node); piece >= 0) edges.push_back({begin, at + 1, piece});
  }
}

void UnigramLattice::add_expected(const PieceRun& run, Scratch& scratch, std::vector<double>& counts) const {
  find_edges(run.text, scratch.edges);
  const size_t size = run.text.size();
  std::vector<double>&forward = scratch.forward, &backward = scratch.backward;
  forward.assign(size + 1, 0);
  backward.assign(size + 1, 0);
  forward[0] = backward[size] = 1;
  const auto probability = [&](const Edge& edge) { return probabilities_[static_cast<size_t>(edge.piece)]; };
  for (const Edge& edge : scratch.edges) forward[edge.end] += forward[edge.begin] * probability(edge);
  const double all = forward[size];
  if (all <= 0) return;  // less than f64 can hold: all pieces are of the rarest
  const double weight = static_cast<double>(run.count) / all;
  for (size_t i = scratch.edges.size(); i-- > 0;) {
    const Edge& edge = scratch.edges[i];
    const double rest = probability(edge) * backward[edge.end];
    backward[edge.begin] += rest;
    counts[static_cast<size_t>(edge.piece)] += weight * forward[edge.begin] * rest;
  }
}

bool UnigramLattice::find_best(std::string_view text, int32_t without, Scratch& scratch) const {
  find_edges(text, scratch.edges);
  scratch.forward.assign(text.size() + 1, 0);
  scratch.best.assign(text.size() + 1, -1);
  for (size_t i = 0; i < scratch.edges.size(); ++i) {
    const Edge& edge = scratch.edges[i];
    if (edge.piece == without || (edge.begin > 0 && scratch.best[edge.begin] < 0)) continue;
    const double sum = scratch.forward[edge.begin] + scores_[static_cast<size_t>(edge.piece)];
    if (scratch.best[edge.end] >= 0 && sum <= scratch.forward[edge.end]) continue;
    scratch.forward[edge.end] = sum;
    scratch.best[edge.end] = static_cast<int32_t>(i);
  }
  return scratch.best[text.size()] >= 0;
}

void UnigramLattice::add_best(const PieceRun& run, Scratch& scratch, std::vector<double>& counts) const {
  if (!find_best(run.text, -1, scratch)) return;
  for (size_t end = run.text.size(); end > 0;) {
    const Edge& edge = scratch.edges[static_cast<size_t>(scratch.best[end])];
    counts[static_cast<size_t>(edge.piece)] += static_cast<double>(run.count);
    end = edge.begin;
  }
}

UnigramLattice::Cut UnigramLattice::best_without(int32_t piece, std::string_view text) const {
  Scratch scratch;
  Cut cut;
  if (!find_best(text, piece, scratch)) return cut;
  cut.score = scratch.forward[text.size()];
  for (size_t end = text.size(); end > 0;) {
    const Edge& edge = scratch.edges[static_cast<size_t>(scratch.best[end])];
    cut.pieces.push_back(edge.piece);
    end = edge.begin;
  }
  return cut;
}

template <typename Add>
std::vector<double> UnigramLattice::sum_over(std::span<const PieceRun> runs, const Add& add) const {
  std::array<std::vector<double>, parts> sums;
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    Scratch scratch;
    for (size_t part = next++; part < parts; part = next++) {
      sums[part].assign(scores_.size(), 0);
      const size_t begin = part * runs.size() / parts, end = (part + 1) * runs.size() / parts;
      for (const PieceRun& run : runs.subspan(begin, end - begin)) add(run, scratch, sums[part]);
    }
  };
  std::vector<std::thread> threads;
  const size_t count = std::clamp<size_t>(std::thread::hardware_concurrency(), 1, parts);
  for (size_t i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  std::vector<double> sum = std::move(sums[0]);
  for (size_t part = 1; part < parts; ++part)
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += sums[part][i];
  return sum;
}

std::vector<double> UnigramLattice::expected_counts(std::span<const PieceRun> runs) const {
  return sum_over(runs, [this](const PieceRun& run, Scratch& scratch, std::vector<double>& counts) {
    add_expected(run, scratch, counts);
  });
}

std::vector<double> UnigramLattice::best_counts(std::span<const PieceRun> runs) const {
  return sum_over(runs, [this](const PieceRun& run, Scratch& scratch, std::vector<double>& counts) {
    add_best(run, scratch, counts);
  });
}

}  // namespace thaw
