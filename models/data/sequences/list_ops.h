// SPDX-License-Identifier: Apache-2.0
// ListOps (Nangia and Bowman 2018), as Long Range Arena draws it (Tay et al. 2020): nested lists of digits under MIN,
// MAX, MED and SM, whose value is one of ten digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/data/sequences/random_draws.h"
#include "models/data/sequences/sequence.h"

namespace thaw {

struct ListOps {
  int64_t depth = 5;                     // of nested lists, at most; the paper: 10
  int64_t arguments = 5;                 // of a list: 2 to so many, evenly; the paper: 10
  double nodes = 0.35;                   // the chance that an argument above that depth is a list; the paper: .25
  int64_t shortest = 20, longest = 128;  // tokens of a tree, both without their ends; the paper: 500, 2000

  static constexpr int32_t tokens = 15;  // 0 to 9, [MIN, [MAX, [MED, [SM, ]
  static constexpr int32_t first_operator = 10, last_operator = 13, end = 14;

  SequenceFormat format() const { return {.inputs = tokens, .ids = true, .longest = longest - 1, .classes = 10}; }
  // A tree of allowed length; nothing if the drawn one has another.
  std::optional<LabelledSequence> draw(RandomDraws& draws) const;
};

// "[MAX 2 9 [MIN 4 7 ] 0 ]"
std::string list_ops_text(const std::vector<int32_t>& ids);

}  // namespace thaw
