// SPDX-License-Identifier: Apache-2.0
// A Dropout in the form that the kernels take.
#pragma once

#include <cmath>

#include "backends/cpu/kernels.h"

namespace thaw::cpu {

// u = (word >> 8) * 2^-24 >= p  is  (word >> 8) >= ceil(p * 2^24): exact, since p * 2^24 is.
inline DropoutMask mask_of(const Dropout& dropout) {
  DropoutMask mask;
  mask.seed = dropout.key.seed;
  mask.stream = dropout.key.stream;
  mask.threshold = static_cast<uint32_t>(std::ceil(static_cast<double>(dropout.probability) * 0x1p24));
  mask.factor = 1 / (1 - dropout.probability);
  return mask;
}

}  // namespace thaw::cpu
