// SPDX-License-Identifier: Apache-2.0
// Which numbers of some tensors to train: those with the largest or the smallest scores.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace thaw {

struct ElementChoice {
  double keep = 0.005;      // share of the numbers, in (0, 1]
  bool smallest = false;    // those with the smallest scores, instead of the largest
  bool per_tensor = false;  // that share of each tensor, instead of all numbers together
};

// How many of so many numbers that is: rounded, at least 1 (0 of none).
int64_t chosen_of(int64_t numbers, double keep);

// For each tensor of scores a mask, 1 where it is chosen. Exactly chosen_of() are, of all or of each: of equal scores,
// those that come first. std::invalid_argument: `keep` is no share, or a score is not finite (it names the tensor by
// its place).
std::vector<std::vector<uint8_t>> choose_elements(std::span<const std::vector<float>> scores,
                                                  const ElementChoice& choice);

}  // namespace thaw
