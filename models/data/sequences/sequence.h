// SPDX-License-Identifier: Apache-2.0
// Labelled sequences that are no texts: rows of numbers, or ids, and what is to be said of their last rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

// What all sequences of a problem have in common.
struct SequenceFormat {
  int64_t inputs = 1;   // numbers of a row; of ids how many different ones there are
  bool ids = false;     // a row is an id
  int64_t longest = 1;  // rows of a sequence
  int64_t read = 1;     // so many last rows are answered ...
  int64_t answers = 1;  // ... each so often ...
  int64_t classes = 2;  // ... by one of so many

  bool operator==(const SequenceFormat&) const = default;
};

struct LabelledSequence {
  std::vector<int32_t> ids;      // one a row, or none
  std::vector<float> numbers;    // `inputs` a row, row by row, or none
  std::vector<int32_t> answers;  // read * answers of them, row by row; none where they are ignored
};

inline int64_t rows_of(const LabelledSequence& sequence, const SequenceFormat& format) {
  return format.ids ? std::ssize(sequence.ids) : std::ssize(sequence.numbers) / format.inputs;
}

// Of what is read to be predicted, answers are not looked at: there may be none, or wrong ones.
enum class Answers { needed, ignored };

struct SequenceSplits {
  std::vector<LabelledSequence> train, validation, test;
};

// How many of each.
struct SplitSizes {
  int64_t train = 0, validation = 0, test = 0;
  int64_t all() const { return train + validation + test; }
};

}  // namespace thaw
