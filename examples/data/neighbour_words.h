// SPDX-License-Identifier: Apache-2.0
// What counting knows of a hidden word: the baseline of models that find masked words.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace thaw {

class NeighbourWords {
 public:
  static constexpr uint32_t edge = 0;  // the neighbour of a text's first word and of its last one, and no word

  // Texts of words by number.
  explicit NeighbourWords(std::span<const std::vector<uint32_t>> texts);

  // The word that was the most frequent of all, behind `left`, between `left` and `right`; of equals the smallest.
  // Where nothing was seen there, what is known by less.
  uint32_t likeliest() const { return likeliest_; }
  uint32_t likeliest(uint32_t left) const;
  uint32_t likeliest(uint32_t left, uint32_t right) const;

 private:
  uint32_t likeliest_ = edge;
  std::unordered_map<uint32_t, uint32_t> behind_;
  std::unordered_map<uint64_t, uint32_t> between_;  // left << 32 | right
};

}  // namespace thaw
