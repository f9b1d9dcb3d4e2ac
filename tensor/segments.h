// SPDX-License-Identifier: Apache-2.0
// Where the sequences of a packed batch begin and end: tokens of sequence b are rows [offsets[b], offsets[b + 1]) of
// [T, C].
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/indices.h"

namespace thaw {

class Segments {
 public:
  Segments() = default;
  // From sequence lengths (each >= 0).
  Segments(const std::vector<int32_t>& lengths, Device device);

  int64_t count() const { return offsets_.size() - 1; }     // B
  int64_t total() const { return offsets_.host().back(); }  // T
  int64_t longest() const { return longest_; }
  int32_t begin(int64_t b) const { return offsets_.host()[static_cast<size_t>(b)]; }
  int32_t end(int64_t b) const { return offsets_.host()[static_cast<size_t>(b) + 1]; }
  int32_t length(int64_t b) const { return end(b) - begin(b); }
  const Indices& offsets() const { return offsets_; }  // [B + 1]

 private:
  Indices offsets_;
  int64_t longest_ = 0;
};

}  // namespace thaw
