// SPDX-License-Identifier: Apache-2.0
// Offsets from lengths.
#include "tensor/segments.h"

#include <algorithm>
#include <limits>

#include "tensor/check.h"

namespace thaw {

Segments::Segments(const std::vector<int32_t>& lengths, Device device) {
  std::vector<int32_t> offsets{0};
  int64_t total = 0;
  for (const int32_t length : lengths) {
    check(length >= 0, "segments: a length of {}", length);
    total += length;
    check(total <= std::numeric_limits<int32_t>::max(), "segments: more than 2^31 - 1 tokens in a batch");
    offsets.push_back(static_cast<int32_t>(total));
    longest_ = std::max<int64_t>(longest_, length);
  }
  offsets_ = Indices(std::move(offsets), device);
}

}  // namespace thaw
