// SPDX-License-Identifier: Apache-2.0
// Two problems of bits, as Lu et al. 2021 have them.
#pragma once

#include "models/data/sequences/random_draws.h"
#include "models/data/sequences/sequence.h"

namespace thaw {

// Strings of random bits (-1 or 1), `patch` of them a row, and then one of them again, of which each bit is hidden (0)
// with probability 1/2: all its bits are to be recalled, in the rows in which it is shown again.
struct BitMemory {
  int64_t strings = 5, bits = 200, patch = 50;  // the paper: 5 of 1,000

  SequenceFormat format() const;  // std::invalid_argument if `patch` does not divide `bits`
  LabelledSequence draw(RandomDraws& draws) const;
};

// Two strings of `bits` random bits (0 or 1), one a row: bit i of their exclusive or is to be said in row i of the
// second.
struct BitXor {
  int64_t bits = 5;

  SequenceFormat format() const;
  LabelledSequence draw(RandomDraws& draws) const;
  // Different sequences; INT64_MAX: more.
  int64_t distinct() const { return bits < 31 ? int64_t{1} << (2 * bits) : INT64_MAX; }
};

}  // namespace thaw
