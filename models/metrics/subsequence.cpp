// SPDX-License-Identifier: Apache-2.0
// The table of prefixes, row by row, and the way back through it.
#include "models/metrics/subsequence.h"

#include <algorithm>

namespace thaw {
namespace {

// The rows of the table: lengths[j] is that of a's prefix with the first j units of b; visit(i, j, left, above) sees
// those with a unit less of b and of a, where the units i and j differ.
template <typename Visit>
int64_t fill(std::u32string_view a, std::u32string_view b, Visit&& visit) {
  std::vector<int64_t> lengths(b.size() + 1);
  for (size_t i = 0; i < a.size(); ++i) {
    int64_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j) {
      const int64_t above = lengths[j + 1];
      if (a[i] == b[j]) {
        lengths[j + 1] = diagonal + 1;
      } else {
        visit(i, j, lengths[j], above);
        lengths[j + 1] = std::max(lengths[j], above);
      }
      diagonal = above;
    }
  }
  return lengths.back();
}

}  // namespace

int64_t common_length(std::u32string_view a, std::u32string_view b) {
  return fill(a, b, [](size_t, size_t, int64_t, int64_t) {});
}

std::vector<size_t> common_places(std::u32string_view a, std::u32string_view b) {
  std::vector<bool> goes_left(a.size() * b.size());
  fill(a, b, [&](size_t i, size_t j, int64_t left, int64_t above) { goes_left[i * b.size() + j] = left > above; });
  std::vector<size_t> places;
  for (size_t i = a.size(), j = b.size(); i > 0 && j > 0;) {
    if (a[i - 1] == b[j - 1]) {
      places.push_back(i - 1);
      --i;
      --j;
    } else if (goes_left[(i - 1) * b.size() + j - 1]) {
      --j;
    } else {
      --i;
    }
  }
  std::ranges::reverse(places);
  return places;
}

}  // namespace thaw
