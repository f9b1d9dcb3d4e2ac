// SPDX-License-Identifier: Apache-2.0
// Reads sources one after the other.
#include "models/input/packed_rows.h"

#include <vector>

#include "tensor/check.h"

namespace thaw {

Tensor packed_rows(std::span<const std::shared_ptr<const RowSource>> sources, Device device, DType dtype) {
  check(!sources.empty(), "rows: a batch of nothing");
  const int64_t width = sources[0]->width();
  int64_t count = 0;
  for (const auto& source : sources) {
    check(source->width() == width, "rows of {} numbers beside rows of {}", source->width(), width);
    count += source->rows();
  }
  std::vector<float> numbers;
  numbers.reserve(static_cast<size_t>(count * width));
  for (const auto& source : sources) {
    const std::vector<float> own = source->numbers();
    numbers.insert(numbers.end(), own.begin(), own.end());
  }
  return Tensor::from_host(numbers, {count, width}, device, dtype);
}

}  // namespace thaw
