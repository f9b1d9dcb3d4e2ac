// SPDX-License-Identifier: Apache-2.0
// Which rows a scatter adds to which: ids sorted on the host, so that each target row is summed by one invocation a
// column, in a fixed order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace thaw::vulkan {

// Piece p is order[piece_begins[p] .. piece_begins[p + 1]), at most `longest` rows of one target. Target s has pieces
// [target_begins[s], target_begins[s + 1]).
struct RowSegments {
  std::vector<uint32_t> order;          // rows, by target, then as given
  std::vector<uint32_t> piece_begins;   // and the end
  std::vector<uint32_t> target_begins;  // and the end
  std::vector<uint32_t> targets;        // rows of the table, rising

  bool has_long() const { return piece_begins.size() > target_begins.size(); }
};

// Ids outside [0, table_rows) are left out.
RowSegments row_segments(std::span<const int32_t> ids, int64_t table_rows, uint32_t longest);

}  // namespace thaw::vulkan
