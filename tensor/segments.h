// SPDX-License-Identifier: Apache-2.0
// Where the sequences of a packed batch begin and end: tokens of sequence b are rows [offsets[b], offsets[b + 1]) of
// [T, C].
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/check.h"
#include "tensor/indices.h"

namespace thaw {

class Segments {
 public:
  Segments() = default;  // undefined: to ask it for anything but defined() is an error
  // From sequence lengths (each >= 0).
  Segments(const std::vector<int32_t>& lengths, Device device);

  bool defined() const { return offsets_.size() > 0; }
  int64_t count() const { return offsets().size() - 1; }     // B
  int64_t total() const { return offsets().host().back(); }  // T
  int64_t longest() const { return longest_; }
  int32_t begin(int64_t b) const { return offset(b); }
  int32_t end(int64_t b) const { return offset(b + 1); }
  int32_t length(int64_t b) const { return end(b) - begin(b); }
  const Indices& offsets() const {  // [B + 1]
    check(defined(), "segments: undefined, made without lengths");
    return offsets_;
  }

 private:
  int32_t offset(int64_t b) const {
    check(b >= 0 && b < offsets().size(), "segments: sequence {} of {}", b, count());
    return offsets_.host()[static_cast<size_t>(b)];
  }

  Indices offsets_;
  int64_t longest_ = 0;
};

}  // namespace thaw
