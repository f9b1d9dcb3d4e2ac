// SPDX-License-Identifier: Apache-2.0
// Sorts pairs of a context and a word, and takes the longest run of each context.
#include "examples/data/neighbour_words.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace thaw {
namespace {

template <typename Context>
std::unordered_map<Context, uint32_t> most_frequent(std::vector<std::pair<Context, uint32_t>> seen) {
  std::ranges::sort(seen);
  std::unordered_map<Context, uint32_t> words;
  ptrdiff_t most = 0;  // how often the best word of this context so far was there
  for (auto run = seen.begin(); run != seen.end();) {
    const auto end = std::find_if(run, seen.end(), [&](const auto& one) { return one != *run; });
    const auto [place, is_new] = words.try_emplace(run->first, run->second);
    if (is_new || end - run > most) {
      place->second = run->second;
      most = end - run;
    }
    run = end;
  }
  return words;
}

uint64_t both(uint32_t left, uint32_t right) { return static_cast<uint64_t>(left) << 32 | right; }

}  // namespace

NeighbourWords::NeighbourWords(std::span<const std::vector<uint32_t>> texts) {
  std::vector<std::pair<uint32_t, uint32_t>> anywhere, behind;
  std::vector<std::pair<uint64_t, uint32_t>> between;
  for (const std::vector<uint32_t>& text : texts)
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == edge) continue;
      const uint32_t left = i > 0 ? text[i - 1] : edge, right = i + 1 < text.size() ? text[i + 1] : edge;
      anywhere.emplace_back(0, text[i]);
      behind.emplace_back(left, text[i]);
      between.emplace_back(both(left, right), text[i]);
    }
  if (anywhere.empty()) return;
  likeliest_ = most_frequent(std::move(anywhere)).at(0);
  behind_ = most_frequent(std::move(behind));
  between_ = most_frequent(std::move(between));
}

uint32_t NeighbourWords::likeliest(uint32_t left) const {
  const auto found = behind_.find(left);
  return found != behind_.end() ? found->second : likeliest_;
}

uint32_t NeighbourWords::likeliest(uint32_t left, uint32_t right) const {
  const auto found = between_.find(both(left, right));
  return found != between_.end() ? found->second : likeliest(left);
}

}  // namespace thaw
