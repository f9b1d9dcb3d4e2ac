// SPDX-License-Identifier: Apache-2.0
// Examples that take something of other examples of their file: a second text that does not follow the first. Where
// some of the file are kept apart (for validation), these and the others must take nothing of each other.
#pragma once

#include <cstdint>
#include <span>

namespace thaw {

class DrawnPartners {
 public:
  virtual ~DrawnPartners() = default;
  // From now on these examples take of one another alone. std::runtime_error if that leaves nothing to take.
  virtual void draw_among(std::span<const int64_t> which) = 0;
};

}  // namespace thaw
