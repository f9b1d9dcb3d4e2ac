// SPDX-License-Identifier: Apache-2.0
// Counts them.
#include "models/tasks/frozen/longer_sequences.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/counted.h"

namespace thaw {

void LongerSequences::add(int64_t rows) {
  ++all_;
  longer_ += rows > trained_;
  longest_ = std::max(longest_, rows);
}

std::string LongerSequences::to_text() const {
  if (longer_ == 0) return "";
  return fmt::format(
      "{} of {} {} more than the {} of the longest to learn from (up to {}): positions behind those are not trained",
      longer_, counted(all_, "sequence"), longer_ == 1 ? "has" : "have", counted(trained_, "row"), longest_);
}

}  // namespace thaw
