// SPDX-License-Identifier: Apache-2.0
// What a model sees of one file.
#pragma once

#include <cstdint>

#include "tensor/shape.h"

namespace thaw {

struct SeenRows {
  Shape grid;          // of rows: patches of a picture, frames of a sound, blocks of a film
  int64_t width = 0;   // numbers of a row
  int64_t states = 0;  // that the model makes of all
};

}  // namespace thaw
