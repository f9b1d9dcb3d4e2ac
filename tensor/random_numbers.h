// SPDX-License-Identifier: Apache-2.0
// Random numbers on the host: the same whatever device they go to.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/random_key.h"

namespace thaw {

// Number i is (word i of the stream + 1/2) 2^-32, in (0, 1).
std::vector<double> uniform_numbers(int64_t count, RandomKey key);

// The standard normal's quantiles of those.
std::vector<double> normal_numbers(int64_t count, RandomKey key);

}  // namespace thaw
