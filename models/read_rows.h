// SPDX-License-Identifier: Apache-2.0
// Of causal models that are read at one row of each text: what of the texts that row sees. B texts, T rows in all.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/indices.h"
#include "tensor/segments.h"

namespace thaw {

// Each text up to one of its rows.
struct ReadRows {
  Segments segments;
  Indices seen;  // rows of all texts up to theirs; undefined: these are all
  Indices last;  // of what is seen
  Segments one_each;

  ReadRows(const Segments& all, const std::vector<int32_t>& ends);  // ends [B]: among all rows
};

}  // namespace thaw
