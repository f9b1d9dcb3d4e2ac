// SPDX-License-Identifier: Apache-2.0
// A stretch of a text that is cut into pieces by itself.
#pragma once

#include <cstddef>

namespace thaw {

// Bytes [begin, end) of a text.
struct Word {
  size_t begin, end;
  bool operator==(const Word&) const = default;
};

}  // namespace thaw
