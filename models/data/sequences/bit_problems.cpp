// SPDX-License-Identifier: Apache-2.0
// Draws bits.
#include "models/data/sequences/bit_problems.h"

#include "tensor/check.h"

namespace thaw {

SequenceFormat BitMemory::format() const {
  check(bits % patch == 0, "strings of {} bits cannot be cut into rows of {}", bits, patch);
  const int64_t rows = bits / patch;
  return {.inputs = patch, .longest = (strings + 1) * rows, .read = rows, .answers = patch, .classes = 2};
}

LabelledSequence BitMemory::draw(RandomDraws& draws) const {
  LabelledSequence sequence;
  for (int64_t i = 0; i < strings * bits; ++i) sequence.numbers.push_back(draws.chance(0.5) ? 1.0f : -1.0f);
  const int64_t asked = draws.below(static_cast<int32_t>(strings)) * bits;
  for (int64_t i = asked; i < asked + bits; ++i) {
    const float bit = sequence.numbers[static_cast<size_t>(i)];
    sequence.numbers.push_back(draws.chance(0.5) ? bit : 0.0f);
    sequence.answers.push_back(bit > 0 ? 1 : 0);
  }
  return sequence;
}

SequenceFormat BitXor::format() const {
  return {.inputs = 1, .longest = 2 * bits, .read = bits, .answers = 1, .classes = 2};
}

LabelledSequence BitXor::draw(RandomDraws& draws) const {
  LabelledSequence sequence;
  for (int64_t i = 0; i < 2 * bits; ++i) sequence.numbers.push_back(draws.chance(0.5) ? 1.0f : 0.0f);
  for (int64_t i = 0; i < bits; ++i) {
    const bool differ = sequence.numbers[static_cast<size_t>(i)] != sequence.numbers[static_cast<size_t>(bits + i)];
    sequence.answers.push_back(differ ? 1 : 0);
  }
  return sequence;
}

}  // namespace thaw
