// SPDX-License-Identifier: Apache-2.0
// Films as a model cuts them.
#pragma once

#include <cstdint>

#include "tensor/shape.h"

namespace thaw {

struct FilmLimits {
  int64_t channels = 3;
  Shape block;         // [frames, height, width] of what one row is made of
  Shape film;          // [frames, height, width] that its positions are made for
  int64_t tokens = 1;  // rows in front of each film's blocks
};

}  // namespace thaw
