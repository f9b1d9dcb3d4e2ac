// SPDX-License-Identifier: Apache-2.0
// Sorting rows by their targets.
#include "backends/vulkan/row_segments.h"

#include <algorithm>

namespace thaw::vulkan {

RowSegments row_segments(std::span<const int32_t> ids, int64_t table_rows, uint32_t longest) {
  RowSegments segments;
  for (uint32_t t = 0; t < ids.size(); ++t)
    if (ids[t] >= 0 && ids[t] < table_rows) segments.order.push_back(t);
  std::stable_sort(segments.order.begin(), segments.order.end(),
                   [&](uint32_t a, uint32_t b) { return ids[a] < ids[b]; });
  for (uint32_t k = 0; k < segments.order.size(); ++k) {
    const auto target = static_cast<uint32_t>(ids[segments.order[k]]);
    const bool first = segments.targets.empty() || segments.targets.back() != target;
    if (first) {
      segments.target_begins.push_back(static_cast<uint32_t>(segments.piece_begins.size()));
      segments.targets.push_back(target);
    }
    if (first || k - segments.piece_begins.back() == longest) segments.piece_begins.push_back(k);
  }
  segments.target_begins.push_back(static_cast<uint32_t>(segments.piece_begins.size()));
  segments.piece_begins.push_back(static_cast<uint32_t>(segments.order.size()));
  return segments;
}

}  // namespace thaw::vulkan
