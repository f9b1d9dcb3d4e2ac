// SPDX-License-Identifier: Apache-2.0
// The rows of packed sequences ordered by time: sequences sorted by length, the longest first, and of each step the
// rows of all sequences that reach it side by side. Those are the first rows(t) sequences, so that the state of step
// t - 1 has its row where step t looks for it, and nothing is padded.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/indices.h"
#include "tensor/segments.h"

namespace thaw {

class TimeSteps {
 public:
  // On the device of the segments' offsets.
  explicit TimeSteps(const Segments& segments);

  int64_t steps() const { return static_cast<int64_t>(begins_.size()) - 1; }  // of the longest sequence
  int64_t total() const { return begins_.back(); }                            // T
  int64_t sequences() const { return by_length_.size(); }                     // B, empty ones too
  int64_t begin(int64_t t) const { return begins_[static_cast<size_t>(t)]; }
  int64_t end(int64_t t) const { return begins_[static_cast<size_t>(t) + 1]; }
  int64_t rows(int64_t t) const { return end(t) - begin(t); }
  // Does each step have the same rows? Then the row before row r is r - rows(0).
  bool even() const { return even_; }
  // Is the order by time the packed one (a single sequence, or none longer than one row in that order)?
  bool in_place() const { return in_place_; }

  const Indices& by_time() const { return by_time_; }      // [T] the packed row of each row by time
  const Indices& by_text() const { return by_text_; }      // [T] the row by time of each packed row
  const Indices& by_length() const { return by_length_; }  // [B] sequences, the longest first
  // [T - rows(0)] the row by time before each row of step 1 and later; undefined if even().
  const Indices& before() const { return before_; }
  // [B] the row by time in which each sequence ends; of an empty one T + its place among by_length(): where its
  // initial state stands behind all rows.
  const Indices& last() const { return last_; }

 private:
  std::vector<int64_t> begins_;  // [steps + 1]
  bool even_ = true, in_place_ = true;
  Indices by_time_, by_text_, by_length_, before_, last_;
};

}  // namespace thaw
