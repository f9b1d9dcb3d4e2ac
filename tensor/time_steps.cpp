// SPDX-License-Identifier: Apache-2.0
// Rows by time.
#include "tensor/time_steps.h"

#include <algorithm>
#include <numeric>

namespace thaw {

TimeSteps::TimeSteps(const Segments& segments) {
  const Device device = segments.offsets().device().device();
  const auto count = static_cast<size_t>(segments.count());
  std::vector<int32_t> sequences(count), places(count), ends(count);
  std::iota(sequences.begin(), sequences.end(), 0);
  std::ranges::stable_sort(sequences, std::greater<>(), [&](int32_t b) { return segments.length(b); });
  for (size_t place = 0; place < count; ++place)
    places[static_cast<size_t>(sequences[place])] = static_cast<int32_t>(place);

  std::vector<int32_t> packed, before;
  begins_.push_back(0);
  size_t reach = count;  // sequences that reach the step
  for (int32_t t = 0;; ++t) {
    while (reach > 0 && segments.length(sequences[reach - 1]) <= t) --reach;
    if (reach == 0) break;
    const auto first = static_cast<int32_t>(packed.size());
    for (size_t place = 0; place < reach; ++place) {
      const int32_t sequence = sequences[place];
      if (t > 0)
        before.push_back(static_cast<int32_t>(begins_[static_cast<size_t>(t) - 1]) + static_cast<int32_t>(place));
      if (t + 1 == segments.length(sequence)) ends[static_cast<size_t>(sequence)] = first + static_cast<int32_t>(place);
      packed.push_back(segments.begin(sequence) + t);
    }
    begins_.push_back(static_cast<int64_t>(packed.size()));
    even_ = even_ && rows(t) == rows(0);
  }
  for (size_t b = 0; b < count; ++b)
    if (segments.length(static_cast<int64_t>(b)) == 0) ends[b] = static_cast<int32_t>(packed.size()) + places[b];
  std::vector<int32_t> back(packed.size());
  for (size_t row = 0; row < packed.size(); ++row) {
    in_place_ = in_place_ && packed[row] == static_cast<int32_t>(row);
    back[static_cast<size_t>(packed[row])] = static_cast<int32_t>(row);
  }
  by_time_ = Indices(std::move(packed), device);
  by_text_ = Indices(std::move(back), device);
  by_length_ = Indices(std::move(sequences), device);
  if (!even_) before_ = Indices(std::move(before), device);
  last_ = Indices(std::move(ends), device);
}

}  // namespace thaw
