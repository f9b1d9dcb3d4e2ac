// SPDX-License-Identifier: Apache-2.0
// What the numbers of a tensor in a file are like.
#pragma once

#include <cstdint>
#include <optional>

#include "tensor/io/safetensors.h"

namespace thaw {

struct TensorStatistics {
  double min = 0, max = 0, mean = 0, deviation = 0;  // of the finite numbers; deviation: sqrt(mean of (x - mean)^2)
  int64_t finite = 0, not_finite = 0;                // how many
};

// Nothing for types that thaw cannot turn into numbers (8-bit floats and the like).
std::optional<TensorStatistics> tensor_statistics(const SafetensorsEntry& entry);

}  // namespace thaw
